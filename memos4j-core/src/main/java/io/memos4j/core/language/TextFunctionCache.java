package io.memos4j.core.language;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.function.Function;

/**
 * A pure function of texts that keeps its last answers: searches ask the same of the same few texts again and again.
 * Keeps about a million characters, each text for ten minutes after its last use. Thread-safe.
 *
 * @param <V> immutable
 */
public final class TextFunctionCache<V> {
    private static final int MOST_CHARS = 1 << 20;

    /** What an entry takes beside its text. */
    private static final int ENTRY = 64;

    /** Longer texts are rare, and would push many others out. */
    private static final int LONGEST = 4_096;

    private final Function<String, V> function;
    private final Cache<String, V> known = Caffeine.newBuilder()
            .maximumWeight(MOST_CHARS)
            .<String, V>weigher((text, answer) -> text.length() + ENTRY)
            .expireAfterAccess(Duration.ofMinutes(10))
            .build();

    public TextFunctionCache(Function<String, V> function) {
        this.function = function;
    }

    public V apply(String text) {
        if (text.length() > LONGEST) {
            return function.apply(text);
        }
        V answer = known.getIfPresent(text);
        if (answer == null) {
            answer = function.apply(text);
            known.put(text, answer);
        }
        return answer;
    }
}
