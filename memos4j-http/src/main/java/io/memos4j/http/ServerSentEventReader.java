package io.memos4j.http;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/** Reads server-sent events one after the other, see {@link ServerSentEventDecoder}. For one thread. */
public final class ServerSentEventReader {
    /** Delivers the bytes of a stream, piece by piece. */
    @FunctionalInterface
    public interface ByteSource {
        /** Waits for the next bytes and returns them; an empty array at the end. */
        byte[] read() throws HttpCallException, InterruptedException;
    }

    private final ByteSource source;
    private final ServerSentEventDecoder decoder;
    private final Queue<ServerSentEvent> ready = new ArrayDeque<>();

    public ServerSentEventReader(ByteSource source, ServerSentEventDecoder decoder) {
        this.source = source;
        this.decoder = decoder;
    }

    /** Waits for the next event; empty at the end of the stream. */
    public Optional<ServerSentEvent> next() throws HttpCallException, InterruptedException {
        while (ready.isEmpty()) {
            byte[] bytes = source.read();
            if (bytes.length == 0) {
                return Optional.empty();
            }
            ready.addAll(decoder.decode(bytes));
        }
        return Optional.of(ready.remove());
    }
}
