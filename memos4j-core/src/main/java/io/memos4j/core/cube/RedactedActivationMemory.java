package io.memos4j.core.cube;

import io.memos4j.api.kvcache.ActivationMemory;
import io.memos4j.api.kvcache.KvCacheEntry;
import io.memos4j.core.privacy.Redactor;
import java.util.List;

/** The activation memory of a cube as one reader may see it. Thread-safe. */
record RedactedActivationMemory(ActivationMemory memory, Redactor redactor) implements ActivationMemory {
    @Override
    public List<Promotion> promoted() {
        return memory.promoted().stream()
                .map(each -> new Promotion(redactor.redact(each.item()), each.why(), each.since()))
                .toList();
    }

    @Override
    public List<KvCacheEntry> list() {
        return memory.list();
    }

    @Override
    public List<KvCacheEntry> compile() {
        return memory.compile();
    }

    @Override
    public boolean drop(String id) {
        return memory.drop(id);
    }
}
