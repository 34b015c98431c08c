package io.memos4j.core.adapters;

import io.memos4j.api.MemoryException;
import io.memos4j.api.adapters.Adapter;
import io.memos4j.api.adapters.AdapterState;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.runtime.ActivationRuntime;
import io.memos4j.spi.runtime.AdapterFiles;
import io.memos4j.spi.runtime.LoadedAdapter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The adapters loaded in the runtime, least recently used evicted first. Unloading an adapter ends the generations that
 * use it at once. Thread-safe.
 */
final class LoadedAdapterCache implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LoadedAdapterCache.class);

    private static final int MAX_LOADED = 32;

    private final ActivationRuntime runtime;
    private final Consumer<String> leaving;

    /** Loaded adapters by hash, least recently used first. */
    private final Map<String, Entry> loaded = new LinkedHashMap<>(16, 0.75f, true);

    private record Entry(CubeKey cube, LoadedAdapter adapter) {}

    /** @param leaving takes the hash of an adapter right before it is unloaded */
    LoadedAdapterCache(ActivationRuntime runtime, Consumer<String> leaving) {
        this.runtime = runtime;
        this.leaving = leaving;
    }

    /** Returns a loaded adapter, loading it if necessary. */
    synchronized LoadedAdapter load(CubeKey cube, AdapterFiles files) {
        Entry known = loaded.get(files.hash());
        if (known != null) {
            return known.adapter;
        }
        if (loaded.size() >= MAX_LOADED) {
            unload(loaded.keySet().iterator().next());
        }
        LoadedAdapter fresh = runtime.load(files);
        loaded.put(files.hash(), new Entry(cube, fresh));
        return fresh;
    }

    /** Unloads the adapters of a cube that are not active. */
    synchronized void retainActive(CubeKey cube, List<Adapter> adapters) {
        Set<String> active = activeHashes(adapters);
        Map.copyOf(loaded).forEach((hash, entry) -> {
            if (entry.cube.equals(cube) && !active.contains(hash)) {
                unload(hash);
            }
        });
    }

    private void unload(String hash) {
        leaving.accept(hash);
        Entry gone = loaded.remove(hash);
        if (gone != null) {
            try {
                gone.adapter.close();
            } catch (MemoryException e) {
                LOG.warn("Cannot unload an adapter: {}", e.getMessage());
            }
        }
    }

    private static Set<String> activeHashes(List<Adapter> adapters) {
        List<String> hashes = new ArrayList<>();
        adapters.stream()
                .filter(adapter -> adapter.state() == AdapterState.ACTIVE)
                .forEach(adapter -> adapter.artifact().ifPresent(artifact -> hashes.add(artifact.hash())));
        return Set.copyOf(hashes);
    }

    @Override
    public synchronized void close() {
        List.copyOf(loaded.keySet()).forEach(this::unload);
    }
}
