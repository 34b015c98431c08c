package io.memos4j.server.proxy;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;

/**
 * Reads a response body in chunks as they arrive. Each chunk is requested only after the previous one was taken, so a
 * slow reader slows down the sender. Closing drops the rest and the connection. For a single reader.
 */
final class UpstreamBodyReader implements Flow.Subscriber<List<ByteBuffer>>, AutoCloseable {
    /** Room for a chunk and the end that follows it. */
    private final BlockingQueue<Event> events = new ArrayBlockingQueue<>(2);

    private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();

    private sealed interface Event {
        record Piece(byte[] bytes) implements Event {}

        record End() implements Event {}

        record Broken(Throwable cause) implements Event {}
    }

    @Override
    public void onSubscribe(Flow.Subscription newSubscription) {
        subscription.complete(newSubscription);
        newSubscription.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        ByteBuffer whole = ByteBuffer.allocate(
                buffers.stream().mapToInt(ByteBuffer::remaining).sum());
        buffers.forEach(whole::put);
        events.add(new Event.Piece(whole.array()));
    }

    @Override
    public void onError(Throwable cause) {
        events.add(new Event.Broken(cause));
    }

    @Override
    public void onComplete() {
        events.add(new Event.End());
    }

    /**
     * Returns the next chunk; empty at the end.
     *
     * @param patience how long to wait
     * @throws IOException if the connection failed
     * @throws MemoryException with {@link ErrorCode#TIMEOUT}
     */
    Optional<byte[]> next(Duration patience) throws IOException, InterruptedException {
        Optional<Event> event = Optional.ofNullable(events.poll(patience.toMillis(), TimeUnit.MILLISECONDS));
        return switch (event.orElseThrow(() -> UpstreamClient.timedOut(patience))) {
            case Event.Piece(byte[] bytes) -> {
                subscription.join().request(1);
                yield Optional.of(bytes);
            }
            case Event.End() -> Optional.empty();
            case Event.Broken(Throwable cause) -> throw new IOException("The answer broke off", cause);
        };
    }

    @Override
    public void close() {
        subscription.thenAccept(Flow.Subscription::cancel);
    }
}
