package io.memos4j.runtime.http;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.spi.runtime.ActivationCapabilities;
import io.memos4j.spi.runtime.AdapterFiles;
import io.memos4j.spi.runtime.AdapterMix;
import io.memos4j.spi.runtime.AdapterSupport;
import io.memos4j.spi.runtime.LoadedAdapter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * The adapters that a runtime has loaded, reference-counted by hash. Thread-safe; one is loaded or unloaded at a time.
 *
 * <p>Each load queries the server, even for an adapter that is loaded already: the server may have been restarted.
 */
final class ServerAdapterRegistry {
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

    private final InferenceServer server;
    private final Consumer<Consumer<RuntimeCall>> cleanup;
    private final ReentrantLock changing = new ReentrantLock();
    private final Map<String, Integer> owners = new ConcurrentHashMap<>();

    /**
     * Creates an empty registry.
     *
     * @param cleanup runs work that must be done even for an interrupted caller
     */
    ServerAdapterRegistry(InferenceServer server, Consumer<Consumer<RuntimeCall>> cleanup) {
        this.server = server;
        this.cleanup = cleanup;
    }

    LoadedAdapter load(AdapterFiles files, RuntimeCall call) {
        if (!HASH.matcher(files.hash()).matches()) {
            throw MemoryException.invalid(
                    "The hash of an adapter must be a SHA-256 of 64 lower-case hexadecimal digits (was " + files.hash()
                            + ").");
        }
        lock();
        try {
            call.requireRunning();
            server.load(files, call);
            owners.merge(files.hash(), 1, Integer::sum);
            return new LoadedServerAdapter(files);
        } finally {
            changing.unlock();
        }
    }

    private void lock() {
        try {
            changing.lockInterruptibly();
        } catch (InterruptedException e) {
            throw RuntimeFailureMapper.interrupted(e);
        }
    }

    /** Refuses adapters of another runtime and unloaded ones. */
    void requireLoaded(AdapterMix mix) {
        for (AdapterMix.Part part : mix.parts()) {
            String hash = part.adapter().files().hash();
            if (!(part.adapter() instanceof LoadedServerAdapter loaded) || loaded.home() != this) {
                throw MemoryException.invalid("Another runtime loaded the adapter " + hash + ". Load it here.");
            }
            if (!owners.containsKey(hash)) {
                throw new MemoryException(
                        ErrorCode.CLOSED,
                        "The adapter " + hash + " is unloaded. Load it, and compute the tokens again.");
            }
        }
    }

    /** Refuses mixes that the server cannot apply. */
    static void requireSupported(AdapterMix mix, ActivationCapabilities capabilities) {
        AdapterSupport support = capabilities.adapters();
        int wanted = mix.parts().size();
        if (wanted > support.together()) {
            throw RuntimeFailureMapper.unsupported(
                    capabilities.runtime() + " applies " + support.together() + " adapters at once, not " + wanted
                            + ".",
                    support.together() == 0 ? "Start it with adapters." : "Merge them into one, or leave some out.");
        }
        if (!support.scaled() && mix.parts().stream().anyMatch(part -> part.scale() != 1)) {
            throw RuntimeFailureMapper.unsupported(
                    capabilities.runtime() + " applies adapters only at their trained scale.",
                    "Use scale 1, or llama-server, or llama.cpp in process.");
        }
    }

    boolean isEmpty() {
        return owners.isEmpty();
    }

    /** Unloads all adapters. */
    void close() {
        List.copyOf(owners.keySet()).forEach(hash -> cleanup.accept(call -> unload(hash, call)));
    }

    private void unload(String hash, RuntimeCall call) {
        changing.lock();
        try {
            if (owners.remove(hash) != null) {
                server.unload(hash, call);
            }
        } finally {
            changing.unlock();
        }
    }

    private void release(String hash, RuntimeCall call) {
        changing.lock();
        try {
            if (owners.getOrDefault(hash, 0) == 1) {
                unload(hash, call);
            } else {
                owners.computeIfPresent(hash, (any, count) -> count - 1);
            }
        } finally {
            changing.unlock();
        }
    }

    /** One owner of an adapter. */
    private final class LoadedServerAdapter implements LoadedAdapter {
        private final AdapterFiles files;
        private final AtomicBoolean closed = new AtomicBoolean();

        LoadedServerAdapter(AdapterFiles files) {
            this.files = files;
        }

        ServerAdapterRegistry home() {
            return ServerAdapterRegistry.this;
        }

        @Override
        public AdapterFiles files() {
            return files;
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                cleanup.accept(call -> release(files.hash(), call));
            }
        }
    }
}
