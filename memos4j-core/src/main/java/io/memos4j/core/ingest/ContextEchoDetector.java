package io.memos4j.core.ingest;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.memos4j.core.language.TextNormalizer;
import io.memos4j.internal.Sha256Hash;
import io.memos4j.spi.CubeKey;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Detects messages that only repeat context that was returned lately, as from an agent that writes its prompt back into
 * memory. Remembers up to {@value #LINES} lines over all cubes for a day. Thread-safe.
 */
public final class ContextEchoDetector {
    private static final int LINES = 50_000;

    /** The fewest characters of repeated lines that prove anything. */
    private static final int SHORTEST = 24;

    /** The share of a message's characters that must be repeated lines; the rest may be a heading around the block. */
    private static final double ECHO_SHARE = 0.8;

    private final Cache<Line, Boolean> lines = Caffeine.newBuilder()
            .maximumSize(LINES)
            .expireAfterWrite(Duration.ofDays(1))
            .build();

    /** A line by its hash, so that the text of an erased memory does not stay here. */
    private record Line(CubeKey cube, String hash) {
        static Line of(CubeKey cube, String text) {
            return new Line(cube, Sha256Hash.of(text));
        }
    }

    /** Records the lines of a rendered context. */
    public void recordReturned(CubeKey cube, List<String> renderedLines) {
        for (String line : renderedLines) {
            String normal = TextNormalizer.singleLine(line);
            if (!normal.isEmpty()) {
                lines.put(Line.of(cube, normal), true);
            }
        }
    }

    /**
     * Returns whether a message consists of returned lines. Only rendered lines with their citation number count: a
     * user who says the same again is no echo.
     */
    boolean isEcho(CubeKey cube, String text) {
        if (text.length() < SHORTEST || lines.estimatedSize() == 0) {
            return false;
        }
        Set<String> seen = new HashSet<>();
        int repeated = 0;
        int total = 0;
        for (String line : text.lines().toList()) {
            String normal = TextNormalizer.singleLine(line);
            total += normal.length();
            if (lines.getIfPresent(Line.of(cube, normal)) != null && seen.add(normal)) {
                repeated += normal.length();
            }
        }
        return repeated >= SHORTEST && repeated >= ECHO_SHARE * total;
    }
}
