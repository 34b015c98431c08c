package io.memos4j.runtime.llamacpp;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.spi.runtime.AdapterFiles;
import io.memos4j.spi.runtime.LoadedAdapter;
import java.util.concurrent.atomic.AtomicBoolean;

/** One user's share of an engine adapter. */
final class LlamaCppAdapter implements LoadedAdapter {
    private final LlamaCppRuntime runtime;
    private final AdapterFiles files;
    private final EngineAdapter adapter;
    private final AtomicBoolean closed = new AtomicBoolean();

    LlamaCppAdapter(LlamaCppRuntime runtime, AdapterFiles files, EngineAdapter adapter) {
        this.runtime = runtime;
        this.files = files;
        this.adapter = adapter;
    }

    @Override
    public AdapterFiles files() {
        return files;
    }

    boolean isOf(LlamaCppRuntime other) {
        return runtime == other;
    }

    EngineAdapter adapter() {
        if (closed.get()) {
            throw new MemoryException(ErrorCode.CLOSED, "The adapter " + files.hash() + " is closed. Load it again.");
        }
        return adapter;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            runtime.thread().runAlways(() -> runtime.engine().adapters.release(adapter));
        }
    }
}
