package io.memos4j.runtime.http;

import io.memos4j.spi.Generation;
import io.memos4j.spi.Generation.End;
import io.memos4j.spi.TokenSink;
import java.time.Duration;
import java.util.Arrays;

/**
 * The tokens that a generation adds to a prefix, as the server names them. Not thread-safe.
 *
 * <p>A token without text is held back until something follows it: it may be the one that ends the text, which servers name too.
 */
final class Continuation {
    private final int room;
    private final TokenSink sink;
    private final Call call;
    private final Counters counters;
    private final long start = System.nanoTime();
    private final StringBuilder text = new StringBuilder();
    private int[] tokens = new int[64];
    private int length;
    private int given;
    private Duration firstToken = Duration.ZERO;

    /**
     * After a prefix, from now on.
     *
     * @param room the most tokens to take
     */
    Continuation(int room, TokenSink sink, Call call, Counters counters) {
        this.room = room;
        this.sink = sink;
        this.call = call;
        this.counters = counters;
    }

    /** How many more tokens may come. */
    int room() {
        return room - length;
    }

    /** The tokens so far, with those that are held back. */
    int[] tokens() {
        return Arrays.copyOf(tokens, length);
    }

    int length() {
        return length;
    }

    /**
     * Takes tokens and what they add to the text together, and hands them on.
     *
     * @return whether to go on
     */
    boolean take(int[] more, String added) {
        call.check();
        for (int i = 0; i < more.length && length < room; i++) {
            if (length == tokens.length) {
                tokens = Arrays.copyOf(tokens, length * 2);
            }
            tokens[length++] = more[i];
        }
        return added.isEmpty() || give(added);
    }

    /** Takes back the last token: it ended the text. */
    void dropEnd() {
        if (length > given) {
            length--;
        }
    }

    /** Hands on what is held back, the text with the last token. */
    private boolean give(String added) {
        if (given == 0 && length > 0) {
            firstToken = Duration.ofNanos(System.nanoTime() - start);
            counters.firstToken(firstToken);
        }
        if (given == length) {
            text.append(added);
        }
        while (given < length) {
            String piece = given == length - 1 ? added : "";
            text.append(piece);
            counters.generated.increment();
            if (!sink.accept(tokens[given++], piece)) {
                return false;
            }
            call.check();
        }
        return true;
    }

    /** What came, when no more will. */
    Generation ended(End end) {
        End last = end == End.CANCELLED || give("") ? end : End.CANCELLED;
        return new Generation(Arrays.copyOf(tokens, given), text.toString(), last, firstToken);
    }
}
