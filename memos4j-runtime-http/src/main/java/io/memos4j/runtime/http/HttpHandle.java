package io.memos4j.runtime.http;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.spi.ActivationHandle;
import io.memos4j.spi.ActivationImage;
import io.memos4j.spi.ActivationManifest;
import io.memos4j.spi.AdapterMix;
import io.memos4j.spi.Generation;
import io.memos4j.spi.Generation.End;
import io.memos4j.spi.GenerationOptions;
import io.memos4j.spi.TokenSink;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A place at the server and the tokens that it stands for.
 *
 * <p>The tokens are what counts. Every call sends all of them and the server computes what it does not have, so whatever became of the
 * place in the meantime costs time and changes no result. The server is made to compute all of the tokens but the last, which it computes
 * when a continuation is asked for: a prefix that was computed, restored or shared goes on in the same way.
 *
 * <p>A handle that is closed while a call is at work on it is given back by that call when it ends.
 */
final class HttpHandle implements ActivationHandle {
    private final HttpRuntime runtime;
    private final int place;
    private final AdapterMix adapters;
    private final Object lock = new Object();
    private volatile int[] tokens;
    private @Nullable Call running;
    private boolean closed;

    HttpHandle(HttpRuntime runtime, int place, int[] tokens, AdapterMix adapters) {
        this.runtime = runtime;
        this.place = place;
        this.tokens = tokens;
        this.adapters = adapters;
    }

    AdapterMix adapters() {
        return adapters;
    }

    private Server.Site site(int[] all, Call call) {
        runtime.requireLoaded(adapters);
        return new Server.Site(place, all, adapters, call);
    }

    @Override
    public int[] tokens() {
        return tokens.clone();
    }

    @Override
    public void extend(int[] more) {
        int[] added = runtime.checked(more);
        alone(call -> {
            int[] all = Json.joined(tokens, added);
            runtime.requireLength(all.length);
            runtime.compute(site(all, call), tokens.length);
            tokens = all;
            return true;
        });
    }

    @Override
    public ActivationHandle fork() {
        return alone(call -> runtime.opened(adapters, (target, opening) -> {
            int[] shared = tokens;
            Server.Site site = site(shared, opening);
            if (shared.length > 1) {
                int reused = runtime.server().share(site.beginning(), target);
                runtime.counters.reused.add(reused);
                runtime.counters.prefilled.add(shared.length - 1 - reused);
            }
            return shared;
        }));
    }

    @Override
    public float[] logits() {
        return alone(call -> {
            throw Failures.unsupported(
                    "A server does not tell the numbers behind a choice.",
                    "Use a runtime with the feature LOGITS, such as llama.cpp in process.");
        });
    }

    @Override
    public ActivationImage image() {
        return alone(call -> {
            throw Failures.unsupported(
                    "A server does not hand out what it has computed.",
                    "Use a runtime with the feature IMAGE, such as llama.cpp in process.");
        });
    }

    @Override
    public ActivationManifest save(Path file) {
        return alone(call -> {
            if (!adapters.isNone()) {
                throw Failures.unsupported(
                        "A handle with adapters cannot be saved.", "Save one without, or compute this one anew.");
            }
            int[] all = tokens;
            return runtime.server().save(site(all, call).beginning(), all, file);
        });
    }

    @Override
    public Generation generate(GenerationOptions options, TokenSink sink) {
        return alone(call -> {
            int[] prefix = tokens;
            int left = runtime.capabilities().handleTokens() - prefix.length;
            int room = Math.min(options.maxTokens(), left);
            Continuation continuation = new Continuation(room, sink, call, runtime.counters);
            Server.Site site = site(prefix, call);
            End end = room == 0 ? End.LENGTH : runtime.server().generate(site, options.sampling(), continuation);
            Generation generation = continuation.ended(end);
            if (options.keep()) {
                tokens = Json.joined(prefix, generation.tokens());
            }
            return generation;
        });
    }

    /** Runs a call while no other is at work on this handle. */
    private <T> T alone(Function<Call, T> work) {
        return runtime.within(call -> {
            synchronized (lock) {
                if (closed) {
                    throw new MemoryException(ErrorCode.CLOSED, "The handle is closed.");
                }
                if (running != null) {
                    throw new MemoryException(
                            ErrorCode.ACTIVATION_BUSY,
                            "Another call is at work on this handle. Wait for it, or fork the handle before.");
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
