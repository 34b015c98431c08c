package io.memos4j.runtime.llamacpp;

import java.util.List;

/** Adapters of this engine with their scales. Equal mixes compute the same. */
record EngineAdapterMix(List<Part> parts) {
    /** The model without adapters. */
    static final EngineAdapterMix NONE = new EngineAdapterMix(List.of());

    /** An adapter, compared by identity, and the factor of its change. */
    record Part(EngineAdapter adapter, float scale) {}

    EngineAdapterMix {
        parts = List.copyOf(parts);
    }

    boolean isNone() {
        return parts.isEmpty();
    }

    /** Refuses adapters that are unloaded. */
    void requireLoaded() {
        parts.forEach(part -> part.adapter.requireLoaded());
    }
}
