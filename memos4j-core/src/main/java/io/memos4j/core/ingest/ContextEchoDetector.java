package io.memos4j.core.ingest;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.memos4j.core.language.TextNormalizer;
import io.memos4j.spi.CubeKey;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Remembers which lines this engine lately returned as context, to recognise a message that only repeats them (an agent
 * that writes its prompt back into memory). Thread-safe; bounded to {@value #LINES} lines over all cubes, and forgotten
 * after a day.
 */
public final class ContextEchoDetector {
    private static final int LINES = 50_000;

    /** Repeated lines that are together shorter than this prove nothing. */
    private static final int SHORTEST = 24;

    /** The share of a message's characters that must be repeated lines. Leaves room for a heading around the block. */
    private static final double ECHO_SHARE = 0.8;

    private final Cache<Line, Boolean> lines = Caffeine.newBuilder()
            .maximumSize(LINES)
            .expireAfterWrite(Duration.ofDays(1))
            .build();

    private record Line(CubeKey cube, String text) {}

    /** Notes the lines of a rendered context. */
    public void recordReturned(CubeKey cube, List<String> renderedLines) {
        for (String line : renderedLines) {
            String normal = normal(line);
            if (!normal.isEmpty()) {
                lines.put(new Line(cube, normal), true);
            }
        }
    }

    /**
     * Whether a message consists of lines that were returned. Only rendered lines count, with their citation number: a
     * user who says the same thing again in plain words is not an echo.
     */
    boolean isEcho(CubeKey cube, String text) {
        if (text.length() < SHORTEST || lines.estimatedSize() == 0) {
            return false;
        }
        Set<String> seen = ConcurrentHashMap.newKeySet();
        int repeated = 0;
        int total = 0;
        for (String line : text.lines().toList()) {
            String normal = normal(line);
            total += normal.length();
            if (lines.getIfPresent(new Line(cube, normal)) != null && seen.add(normal)) {
                repeated += normal.length();
            }
        }
        return repeated >= SHORTEST && repeated >= ECHO_SHARE * total;
    }

    private static String normal(String line) {
        return TextNormalizer.singleLine(line).toLowerCase(Locale.ROOT);
    }
}
