package io.memos4j.runtime.llamacpp;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The LoRA adapters of an engine's context. What is set counts for all tokens that are computed from then on; tokens that were computed
 * before stay as they are in the cache, so a handle belongs to the adapters that it was computed with.
 *
 * <p>Lives on the engine's thread. Files must have been read as adapters of the model before ({@code LoraAdapter.readGguf}): llama.cpp ends
 * the process for metadata of an unexpected type.
 */
final class EngineAdapters {
    private final Llama llama;
    private final MemorySegment model;
    private final MemorySegment context;
    private final Map<Path, MemorySegment> loaded = new HashMap<>();

    EngineAdapters(Llama llama, MemorySegment model, MemorySegment context) {
        this.llama = llama;
        this.model = model;
        this.context = context;
    }

    /** Exchanges all adapters for these files, each with what it is multiplied with. A file is loaded once. */
    void set(Map<Path, Float> scales) {
        Map<MemorySegment, Float> adapters = new HashMap<>();
        scales.forEach((file, scale) -> adapters.put(loaded.computeIfAbsent(file, this::load), scale));
        clear();
        adapters.forEach((adapter, scale) -> {
            float factor = scale;
            int failed = Llama.call(() -> (int) llama.loras.set.invokeExact(context, adapter, factor));
            if (failed != 0) {
                throw new MemoryException(
                        ErrorCode.RUNTIME_FAILED, "llama.cpp does not take an adapter." + llama.log.complaints());
            }
        });
    }

    private MemorySegment load(Path file) {
        try (Arena local = Arena.ofConfined()) {
            MemorySegment path = local.allocateFrom(file.toString());
            MemorySegment adapter = Llama.call(() -> (MemorySegment) llama.loras.load.invokeExact(model, path));
            if (adapter.equals(MemorySegment.NULL)) {
                throw new MemoryException(
                        ErrorCode.ADAPTER_REFUSED,
                        "llama.cpp cannot use the adapter " + file + "." + llama.log.complaints());
            }
            return adapter;
        }
    }

    private void clear() {
        Llama.call(() -> {
            llama.loras.clear.invokeExact(context);
            return true;
        });
    }

    /** Takes all adapters off and frees them; before the context is freed. */
    void free() {
        clear();
        List<MemorySegment> all = new ArrayList<>(loaded.values());
        loaded.clear();
        all.forEach(adapter -> Llama.call(() -> {
            llama.loras.free.invokeExact(adapter);
            return true;
        }));
    }
}
