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
import java.util.Optional;

/**
 * The LoRA adapters of an engine. The context has one mix at a time, which applies to all tokens computed from then on;
 * tokens computed before keep their state in the cache. So each step names its mix, and the context switches if it has
 * another one.
 *
 * <p>Lives on the engine's thread. Files must have been read as adapters of the model before
 * ({@code LoraAdapter.readGguf}): llama.cpp aborts the process for metadata of an unexpected type.
 */
final class EngineAdapters {
    private final LlamaBindings llama;
    private final MemorySegment model;
    private final MemorySegment context;
    private final Map<String, EngineAdapter> loaded = new HashMap<>();
    private EngineAdapterMix applied = EngineAdapterMix.NONE;

    EngineAdapters(LlamaBindings llama, MemorySegment model, MemorySegment context) {
        this.llama = llama;
        this.model = model;
        this.context = context;
    }

    /** Finds a loaded adapter and adds a user. */
    Optional<EngineAdapter> findLoaded(String hash) {
        Optional<EngineAdapter> shared = Optional.ofNullable(loaded.get(hash));
        shared.ifPresent(EngineAdapter::retain);
        return shared;
    }

    /** Adds a user to the adapter of a file, and loads it if needed. */
    EngineAdapter load(String hash, Path file) {
        return findLoaded(hash).orElseGet(() -> {
            EngineAdapter adapter = new EngineAdapter(hash, load(file));
            loaded.put(hash, adapter);
            adapter.retain();
            return adapter;
        });
    }

    private MemorySegment load(Path file) {
        try (Arena local = Arena.ofConfined()) {
            MemorySegment path = local.allocateFrom(file.toString());
            MemorySegment adapter = LlamaBindings.call(() -> (MemorySegment) llama.loras.load.invokeExact(model, path));
            if (adapter.equals(MemorySegment.NULL)) {
                throw new MemoryException(
                        ErrorCode.ADAPTER_REFUSED,
                        "llama.cpp cannot use the adapter " + file + "." + llama.log.complaints()
                                + " Train it for the model that is open.");
            }
            return adapter;
        }
    }

    /** Removes a user; the last one unloads the adapter. */
    void release(EngineAdapter adapter) {
        if (adapter.release()) {
            loaded.remove(adapter.hash);
            clear();
            free(adapter);
        }
    }

    /** Switches the context to a mix. */
    void apply(EngineAdapterMix mix) {
        mix.requireLoaded();
        if (mix.equals(applied)) {
            return;
        }
        clear();
        mix.parts().forEach(this::set);
        applied = mix;
    }

    private void clear() {
        applied = EngineAdapterMix.NONE;
        LlamaBindings.call(() -> {
            llama.loras.clear.invokeExact(context);
            return true;
        });
    }

    private void set(EngineAdapterMix.Part part) {
        MemorySegment adapter = part.adapter().struct;
        float scale = part.scale();
        int failed = LlamaBindings.call(() -> (int) llama.loras.set.invokeExact(context, adapter, scale));
        if (failed != 0) {
            clear();
            throw new MemoryException(
                    ErrorCode.RUNTIME_FAILED, "llama.cpp does not accept an adapter." + llama.log.complaints());
        }
    }

    private void free(EngineAdapter adapter) {
        LlamaBindings.call(() -> {
            llama.loras.free.invokeExact(adapter.struct);
            return true;
        });
    }

    /** Removes and frees all adapters; before the context is freed. */
    void free() {
        clear();
        List<EngineAdapter> all = new ArrayList<>(loaded.values());
        loaded.clear();
        all.forEach(this::free);
    }
}
