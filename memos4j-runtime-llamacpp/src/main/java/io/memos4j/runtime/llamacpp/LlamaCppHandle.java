package io.memos4j.runtime.llamacpp;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.runtime.files.ActivationFile;
import io.memos4j.spi.runtime.ActivationHandle;
import io.memos4j.spi.runtime.ActivationImage;
import io.memos4j.spi.runtime.ActivationManifest;
import io.memos4j.spi.runtime.GenerationOptions;
import io.memos4j.spi.runtime.GenerationResult;
import io.memos4j.spi.runtime.GenerationResult.FinishReason;
import io.memos4j.spi.runtime.TokenSink;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * A sequence of the engine and the tokens that it stands for.
 *
 * <p>The engine has always computed all tokens but the last. The last one is computed when a continuation is requested,
 * since its result, the choice of the next token, is not part of the cache. So a prefix that was computed, restored or
 * shared continues in exactly the same way, and nothing is computed twice.
 *
 * <p>If a handle is closed during a call, that call releases it at its end.
 */
final class LlamaCppHandle implements ActivationHandle {
    private final LlamaCppRuntime runtime;
    private final int sequence;
    private final Object lock = new Object();
    private volatile TokenPrefix prefix;
    private boolean busy;
    private volatile boolean closed;

    LlamaCppHandle(LlamaCppRuntime runtime, int sequence, TokenPrefix prefix) {
        this.runtime = runtime;
        this.sequence = sequence;
        this.prefix = prefix;
    }

    @Override
    public int[] tokens() {
        return prefix.tokens().clone();
    }

    @Override
    public void extend(int[] more) {
        int[] added = runtime.requireKnownTokens(more);
        runExclusively(() -> {
            TokenPrefix old = prefix;
            TokenPrefix all = old.with(LlamaCppRuntime.concatenate(old.tokens(), added));
            runtime.requireLength(all.length());
            runtime.append(sequence, all, old.length() - 1, this::requireOpen);
            prefix = all;
            return true;
        });
    }

    @Override
    public ActivationHandle fork() {
        return runExclusively(() -> {
            int target = runtime.takeSequence();
            try {
                runtime.thread().call(() -> {
                    runtime.engine().share(sequence, target);
                    return true;
                });
            } catch (RuntimeException e) {
                runtime.releaseSequence(target);
                throw e;
            }
            runtime.counters.reused.add(prefix.length() - 1);
            return new LlamaCppHandle(runtime, target, prefix);
        });
    }

    @Override
    public ActivationImage image() {
        return runExclusively(() -> {
            Arena memory = Arena.ofShared();
            try {
                return new LlamaCppImage(runtime, prefix, memory, state(memory));
            } catch (RuntimeException e) {
                memory.close();
                throw e;
            }
        });
    }

    /** Copies the computed state; empty for a single token. */
    private MemorySegment state(Arena memory) {
        return prefix.length() == 1
                ? MemorySegment.NULL
                : runtime.thread().call(() -> runtime.engine().state(sequence, memory));
    }

    @Override
    public ActivationManifest save(Path file) {
        return runExclusively(() -> {
            if (!prefix.mix().isNone()) {
                throw new MemoryException(
                        ErrorCode.UNSUPPORTED,
                        "What was computed with adapters cannot be saved. Save it without, or keep an image.");
            }
            try (Arena memory = Arena.ofShared()) {
                int[] saved = prefix.tokens();
                MemorySegment state = state(memory);
                ActivationManifest manifest = new ActivationManifest(
                        runtime.model(),
                        runtime.capabilities().inUse(),
                        runtime.capabilities().runtime(),
                        saved.length,
                        ActivationManifest.hashOf(saved),
                        state.byteSize());
                ActivationFile.write(file, manifest, saved, new StateChannel(state), runtime.packing());
                return manifest;
            }
        });
    }

    @Override
    public GenerationResult generate(GenerationOptions options, TokenSink sink) {
        long start = System.nanoTime();
        return runExclusively(() -> {
            MemorySegment sampler = runtime.thread().call(() -> runtime.engine().sampler(options.sampling()));
            TokenContinuation continuation = new TokenContinuation(runtime, prefix, start);
            int kept = prefix.length();
            try {
                FinishReason end = run(continuation, options.maxTokens(), sampler, sink);
                GenerationResult generation = continuation.finish(end);
                if (options.keep()) {
                    prefix = prefix.with(continuation.all());
                    kept = prefix.length();
                }
                return generation;
            } finally {
                int length = kept - 1;
                runtime.thread().runAlways(() -> {
                    runtime.engine().freeSampler(sampler);
                    runtime.engine().truncate(sequence, length);
                });
            }
        });
    }

    @Override
    public float[] logits() {
        return runExclusively(() -> {
            TokenPrefix all = prefix;
            int last = all.length() - 1;
            try {
                return runtime.thread().call(() -> {
                    runtime.engine().require(1);
                    runtime.engine().decode(new LlamaEngine.TokenRange(sequence, all, last, last + 1));
                    return runtime.engine().logits();
                });
            } finally {
                runtime.thread().runAlways(() -> runtime.engine().truncate(sequence, last));
            }
        });
    }

    private FinishReason run(TokenContinuation continuation, int most, MemorySegment sampler, TokenSink sink) {
        while (continuation.length() < most) {
            requireOpen();
            if (continuation.total() == runtime.capabilities().handleTokens()) {
                return FinishReason.LENGTH;
            }
            int token = continuation.next(sequence, sampler);
            if (token == TokenContinuation.NONE) {
                return FinishReason.STOP;
            }
            if (!sink.accept(token, continuation.add(token))) {
                return FinishReason.CANCELLED;
            }
        }
        return FinishReason.LENGTH;
    }

    /** Runs a call unless another one is running on this handle. */
    private <T> T runExclusively(Supplier<T> work) {
        synchronized (lock) {
            requireOpen();
            if (busy) {
                throw new MemoryException(
                        ErrorCode.ACTIVATION_BUSY,
                        "Another call is running on this handle. Wait for it, or fork the handle first.");
            }
            busy = true;
        }
        try {
            return work.get();
        } finally {
            boolean last;
            synchronized (lock) {
                busy = false;
                last = closed;
            }
            if (last) {
                runtime.releaseSequence(sequence);
            }
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new MemoryException(ErrorCode.CLOSED, "The handle is closed.");
        }
        runtime.thread().requireOpen();
        prefix.mix().requireLoaded();
    }

    @Override
    public void close() {
        boolean idle;
        synchronized (lock) {
            idle = !closed && !busy;
            closed = true;
        }
        if (idle) {
            runtime.releaseSequence(sequence);
        }
    }
}
