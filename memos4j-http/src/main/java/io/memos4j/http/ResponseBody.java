package io.memos4j.http;

import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer as it arrives, for one reader. Unlike the JDK's stream of a body it has timeouts, can be
 * interrupted, and wakes its reader when {@link #cancel} is called. The next piece is requested when one was taken, so
 * a slow reader slows the sender down.
 */
final class ResponseBody implements HttpResponse.BodySubscriber<ResponseBody> {
    private sealed interface Signal {
        record Piece(byte[] bytes) implements Signal {}

        record End() implements Signal {}

        record Failure(HttpCallException cause) implements Signal {}
    }

    private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
    private @Nullable Signal last;

    /** Returns the next bytes; an empty array at the end. */
    byte[] next(WaitLimit limit) throws HttpCallException, InterruptedException {
        @Nullable Signal signal = last == null ? signals.poll(limit.remainingNanos(), TimeUnit.NANOSECONDS) : last;
        if (signal instanceof Signal.Piece piece) {
            request();
            return piece.bytes;
        }
        if (signal == null) {
            throw HttpCallException.timedOut(limit);
        }
        last = signal;
        if (signal instanceof Signal.Failure failure) {
            throw failure.cause;
        }
        return new byte[0];
    }

    private void request() {
        subscription.thenAccept(open -> open.request(1));
    }

    /** Closes the connection unless everything has arrived; the reader fails. */
    void cancel() {
        signals.add(new Signal.Failure(HttpCallException.cancelled()));
        subscription.thenAccept(Flow.Subscription::cancel);
    }

    @Override
    public CompletionStage<ResponseBody> getBody() {
        return CompletableFuture.completedFuture(this);
    }

    @Override
    public void onSubscribe(Flow.Subscription opened) {
        subscription.complete(opened);
        opened.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        ByteBuffer whole = ByteBuffer.allocate(
                buffers.stream().mapToInt(ByteBuffer::remaining).sum());
        buffers.forEach(whole::put);
        if (whole.capacity() == 0) {
            request();
        } else {
            signals.add(new Signal.Piece(whole.array()));
        }
    }

    @Override
    public void onError(Throwable failure) {
        signals.add(new Signal.Failure(HttpCallException.of(failure)));
    }

    @Override
    public void onComplete() {
        signals.add(new Signal.End());
    }
}
