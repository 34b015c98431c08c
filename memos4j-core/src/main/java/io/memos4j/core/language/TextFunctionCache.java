package io.memos4j.core.language;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.function.Function;

/**
 * Caches the results of a pure function of texts: searches ask for the same few texts again and again. Keeps about a
 * million characters, each text for ten minutes after its last use. Thread-safe.
 *
 * @param <V> immutable
 */
public final class TextFunctionCache<V> {
    private static final int MOST_CHARS = 1 << 20;

    /** The weight of an entry beside its text. */
    private static final int ENTRY = 64;

    /** Longer texts are rare and would evict many others. */
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
