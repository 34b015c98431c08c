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
 * The LoRA adapters of an engine. Its context has one mix at a time, which counts for all tokens that are computed from
 * then on; tokens that were computed before stay as they are in the cache. So each step names its mix, and the context
 * gets it if it has another one.
 *
 * <p>Lives on the engine's thread. Files must have been read as adapters of the model before
 * ({@code LoraAdapter.readGguf}): llama.cpp ends the process for metadata of an unexpected type.
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

    /** One more user of an adapter that is loaded. */
    Optional<EngineAdapter> findLoaded(String hash) {
        Optional<EngineAdapter> shared = Optional.ofNullable(loaded.get(hash));
        shared.ifPresent(EngineAdapter::retain);
        return shared;
    }

    /** The adapter of a file for one more user, loaded unless it is. */
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

    /** One user less; the last one unloads it. */
    void release(EngineAdapter adapter) {
        if (adapter.release()) {
            loaded.remove(adapter.hash);
            clear();
            free(adapter);
        }
    }

    /** Gives the context a mix, unless it has that. */
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
                    ErrorCode.RUNTIME_FAILED, "llama.cpp does not take an adapter." + llama.log.complaints());
        }
    }

    private void free(EngineAdapter adapter) {
        LlamaBindings.call(() -> {
            llama.loras.free.invokeExact(adapter.struct);
            return true;
        });
    }

    /** Takes all adapters off and frees them; before the context is freed. */
    void free() {
        clear();
        List<EngineAdapter> all = new ArrayList<>(loaded.values());
        loaded.clear();
        all.forEach(this::free);
    }
}
