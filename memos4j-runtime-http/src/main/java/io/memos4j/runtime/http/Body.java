package io.memos4j.runtime.http;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The body of an answer as it comes, for one reader, who may wait no longer than it wants, be interrupted, and be woken
 * by {@link #cancel} of another thread. The JDK's own stream of a body has no deadline. The next piece is asked for
 * when one is taken.
 */
final class Body implements HttpResponse.BodySubscriber<Body> {
    private sealed interface Signal {
        record Piece(byte[] bytes) implements Signal {}

        record End() implements Signal {}

        record Failed(Throwable cause) implements Signal {}
    }

    private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();

    /** The next bytes; none at the end. */
    byte[] next(Duration timeout) throws IOException, InterruptedException, TimeoutException {
        Signal signal = signals.poll(timeout.toNanos(), TimeUnit.NANOSECONDS);
        return switch (signal) {
            case null -> throw new TimeoutException();
            case Signal.Piece piece -> {
                subscription.thenAccept(open -> open.request(1));
                yield piece.bytes;
            }
            case Signal.End end -> {
                signals.add(end);
                yield new byte[0];
            }
            case Signal.Failed failed -> {
                signals.add(failed);
                throw new IOException(failed.cause.getMessage(), failed.cause);
            }
        };
    }

    /** Closes the connection unless all has come; the reader fails. */
    void cancel() {
        subscription.thenAccept(Flow.Subscription::cancel);
        signals.add(new Signal.Failed(new IOException("cancelled")));
    }

    @Override
    public CompletionStage<Body> getBody() {
        return CompletableFuture.completedFuture(this);
    }

    @Override
    public void onSubscribe(Flow.Subscription opened) {
        subscription.complete(opened);
        opened.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        byte[] bytes = new byte[buffers.stream().mapToInt(ByteBuffer::remaining).sum()];
        int at = 0;
        for (ByteBuffer buffer : buffers) {
            int length = buffer.remaining();
            buffer.get(bytes, at, length);
            at += length;
        }
        if (bytes.length == 0) {
            subscription.thenAccept(open -> open.request(1));
        } else {
            signals.add(new Signal.Piece(bytes));
        }
    }

    @Override
    public void onError(Throwable failure) {
        signals.add(new Signal.Failed(failure));
    }

    @Override
    public void onComplete() {
        signals.add(new Signal.End());
    }
}
