package io.memos4j.testkit.models;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A stream of server-sent events that a test feeds while it is being read: {@code new EventFeed().delta("Hi").stop()}.
 * Thread-safe; for one answer of a {@link ScriptedModelServer}.
 */
public final class SseEventFeed {
    private static final String END = "end";

    private final BlockingQueue<String> frames = new LinkedBlockingQueue<>();
    private final CompletableFuture<Boolean> abandoned = new CompletableFuture<>();
    private final boolean proper;

    public SseEventFeed() {
        this(true);
    }

    private SseEventFeed(boolean proper) {
        this.proper = proper;
    }

    /** A stream whose connection breaks off at its end. */
    public static SseEventFeed broken() {
        return new SseEventFeed(false);
    }

    /** Sends an event with this data. */
    public SseEventFeed say(String data) {
        frames.add("data: " + data + "\n\n");
        return this;
    }

    /** Sends a piece of text of a chat completion. */
    public SseEventFeed delta(String text) {
        return say(ProviderJson.delta(text));
    }

    /** Sends the last events of a chat completion and ends the stream. */
    public SseEventFeed stop() {
        return say(ProviderJson.finish()).say("[DONE]").end();
    }

    /** Ends the stream. */
    public SseEventFeed end() {
        frames.add(END);
        return this;
    }

    boolean proper() {
        return proper;
    }

    /** Completes when the stream is over: with true if the reader went away before its end. */
    public CompletableFuture<Boolean> abandoned() {
        return abandoned;
    }

    /** Writes the events until the stream ends. */
    void writeTo(OutputStream out) throws IOException, InterruptedException {
        try {
            for (String frame = frames.take(); !frame.equals(END); frame = frames.take()) {
                out.write(frame.getBytes(StandardCharsets.UTF_8));
                out.flush();
            }
            abandoned.complete(false);
        } catch (IOException e) {
            abandoned.complete(true);
            throw e;
        }
    }
}
