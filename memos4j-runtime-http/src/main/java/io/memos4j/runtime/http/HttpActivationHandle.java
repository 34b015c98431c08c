package io.memos4j.runtime.http;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.spi.runtime.ActivationHandle;
import io.memos4j.spi.runtime.ActivationImage;
import io.memos4j.spi.runtime.ActivationManifest;
import io.memos4j.spi.runtime.AdapterMix;
import io.memos4j.spi.runtime.GenerationOptions;
import io.memos4j.spi.runtime.GenerationResult;
import io.memos4j.spi.runtime.GenerationResult.FinishReason;
import io.memos4j.spi.runtime.TokenSink;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A place on the server and the tokens that it stands for.
 *
 * <p>Only the tokens matter. Every call sends all of them and the server computes those that it does not have, so
 * losing the place costs time and changes no result. The server computes all tokens but the last; the last is computed
 * when a continuation is requested. So a prefix that was computed, restored or shared continues in the same way.
 *
 * <p>If a handle is closed during a call, that call releases it at its end.
 */
final class HttpActivationHandle implements ActivationHandle {
    private final HttpRuntime runtime;
    private final int place;
    private final AdapterMix adapters;
    private final Object lock = new Object();
    private volatile int[] tokens;
    private @Nullable RuntimeCall running;
    private boolean closed;

    HttpActivationHandle(HttpRuntime runtime, int place, int[] tokens, AdapterMix adapters) {
        this.runtime = runtime;
        this.place = place;
        this.tokens = tokens;
        this.adapters = adapters;
    }

    AdapterMix adapters() {
        return adapters;
    }

    private InferenceServer.PlacedTokens site(int[] all, RuntimeCall call) {
        runtime.requireLoaded(adapters);
        return new InferenceServer.PlacedTokens(place, all, adapters, call);
    }

    @Override
    public int[] tokens() {
        return tokens.clone();
    }

    @Override
    public void extend(int[] more) {
        int[] added = runtime.requireKnownTokens(more);
        runExclusively(call -> {
            int[] all = InferenceJson.concatenate(tokens, added);
            runtime.requireLength(all.length);
            runtime.compute(site(all, call), tokens.length);
            tokens = all;
            return true;
        });
    }

    @Override
    public ActivationHandle fork() {
        return runExclusively(call -> runtime.openHandle(adapters, (target, opening) -> {
            int[] shared = tokens;
            InferenceServer.PlacedTokens site = site(shared, opening);
            if (shared.length > 1) {
                int reused = runtime.server().share(site.withoutLastToken(), target);
                runtime.counters.reused.add(reused);
                runtime.counters.prefilled.add(shared.length - 1 - reused);
            }
            return shared;
        }));
    }

    @Override
    public float[] logits() {
        return runExclusively(call -> {
            throw RuntimeFailureMapper.unsupported(
                    "A server does not report logits.",
                    "Use a runtime with the feature LOGITS, such as llama.cpp in process.");
        });
    }

    @Override
    public ActivationImage image() {
        return runExclusively(call -> {
            throw RuntimeFailureMapper.unsupported(
                    "A server does not export computed activations.",
                    "Use a runtime with the feature IMAGE, such as llama.cpp in process.");
        });
    }

    @Override
    public ActivationManifest save(Path file) {
        return runExclusively(call -> {
            if (!adapters.isNone()) {
                throw RuntimeFailureMapper.unsupported(
                        "A handle with adapters cannot be saved.",
                        "Save one without adapters, or compute this one again.");
            }
            int[] all = tokens;
            return runtime.server().save(site(all, call).withoutLastToken(), all, file);
        });
    }

    @Override
    public GenerationResult generate(GenerationOptions options, TokenSink sink) {
        return runExclusively(call -> {
            int[] prefix = tokens;
            int left = runtime.capabilities().handleTokens() - prefix.length;
            int room = Math.min(options.maxTokens(), left);
            StreamedContinuation continuation = new StreamedContinuation(room, sink, call, runtime.counters);
            InferenceServer.PlacedTokens site = site(prefix, call);
            FinishReason end =
                    room == 0 ? FinishReason.LENGTH : runtime.server().generate(site, options.sampling(), continuation);
            GenerationResult generation = continuation.finish(end);
            if (options.keep()) {
                tokens = InferenceJson.concatenate(prefix, generation.tokens());
            }
            return generation;
        });
    }

    /** Runs a call unless another one is running on this handle. */
    private <T> T runExclusively(Function<RuntimeCall, T> work) {
        return runtime.runCall(call -> {
            synchronized (lock) {
                if (closed) {
                    throw new MemoryException(ErrorCode.CLOSED, "The handle is closed.");
                }
                if (running != null) {
                    throw new MemoryException(
                            ErrorCode.ACTIVATION_BUSY,
                            "Another call is running on this handle. Wait for it, or fork the handle first.");
                }
                running = call;
            }
            try {
                return work.apply(call);
            } finally {
                boolean last;
                synchronized (lock) {
                    running = null;
                    last = closed;
                }
                if (last) {
                    runtime.closed(this, place);
                }
            }
        });
    }

    @Override
    public void close() {
        boolean idle;
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
            idle = running == null;
            if (running != null) {
                running.end();
            }
        }
        if (idle) {
            runtime.closed(this, place);
        }
    }
}
