package io.memos4j.bench.performance;

import io.memos4j.core.privacy.SensitiveKind;
import io.memos4j.core.privacy.SensitiveSpan;
import io.memos4j.core.privacy.SensitiveTextDetector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Precision and recall of the detectors of secrets and personal data on our own set. A text counts as found if a span
 * of its kind covers the sensitive part; a span of any kind outside of it, and any in a look-alike, is a false one.
 */
final class PrivacyBenchmark {
    private static final Path DATA = Path.of("memos4j-bench", "data", "privacy");
    private static final String LOOKALIKE = "none";

    /** Budgets of the set as a whole, in percent. */
    private static final double PRECISION = 95;

    private static final double RECALL = 85;

    private PrivacyBenchmark() {}

    /** Counts of one kind. */
    private static final class Counts {
        private int texts;
        private int found;
        private int right;
        private int wrong;

        double recall() {
            return texts == 0 ? 100 : 100.0 * found / texts;
        }

        double precision() {
            return right + wrong == 0 ? 100 : 100.0 * right / (right + wrong);
        }

        void add(Counts other) {
            texts += other.texts;
            found += other.found;
            right += other.right;
            wrong += other.wrong;
        }
    }

    static List<BenchmarkFigure> run() {
        List<BenchmarkFigure> figures = new ArrayList<>();
        for (String half : List.of("heldout", "development")) {
            Map<SensitiveKind, Counts> kinds = measure(read(half));
            Counts all = new Counts();
            kinds.forEach((kind, counts) -> {
                all.add(counts);
                String name = half + ", " + kind.words();
                figures.add(BenchmarkFigure.baseline(name + ": recall", counts.recall(), "%"));
                figures.add(BenchmarkFigure.baseline(name + ": precision", counts.precision(), "%"));
            });
            figures.add(BenchmarkFigure.atLeast(half + ", all kinds: recall", all.recall(), "%", RECALL));
            figures.add(BenchmarkFigure.atLeast(half + ", all kinds: precision", all.precision(), "%", PRECISION));
        }
        return figures;
    }

    private static List<String[]> read(String half) {
        try {
            return Files.readAllLines(DATA.resolve(half + ".tsv")).stream()
                    .map(line -> line.split("\t", -1))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + DATA + ". Run this in the root of the repository.", e);
        }
    }

    private static Map<SensitiveKind, Counts> measure(List<String[]> texts) {
        Map<SensitiveKind, Counts> kinds = new EnumMap<>(SensitiveKind.class);
        for (String[] line : texts) {
            List<SensitiveSpan> spans = SensitiveTextDetector.find(line[2]);
            int start = line[2].indexOf(line[3]);
            boolean lookalike = line[0].equals(LOOKALIKE);
            boolean found = false;
            for (SensitiveSpan span : spans) {
                Counts counts = counts(kinds, span.kind());
                boolean overlaps = !lookalike && span.start() < start + line[3].length() && span.end() > start;
                if (overlaps) {
                    counts.right++;
                    found |= isFound(span.kind(), kind(line[0])) && covers(span, line[3], start);
                } else {
                    counts.wrong++;
                }
            }
            if (!lookalike) {
                Counts counts = counts(kinds, kind(line[0]));
                counts.texts++;
                counts.found += found ? 1 : 0;
            }
        }
        return kinds;
    }

    /** A key with a name before it is found as a password. */
    private static boolean isFound(SensitiveKind found, SensitiveKind wanted) {
        return found == wanted || wanted == SensitiveKind.KEY && found == SensitiveKind.PASSWORD;
    }

    /** Punctuation at the end is no part of what must be found. */
    private static boolean covers(SensitiveSpan span, String part, int start) {
        String core = part.replaceAll("[.,;!?。]+$", "");
        return span.start() <= start && span.end() >= start + core.length();
    }

    private static Counts counts(Map<SensitiveKind, Counts> kinds, SensitiveKind kind) {
        return kinds.computeIfAbsent(kind, key -> new Counts());
    }

    private static SensitiveKind kind(String name) {
        return switch (name) {
            case "card" -> SensitiveKind.CARD_NUMBER;
            case "account" -> SensitiveKind.BANK_ACCOUNT;
            default -> SensitiveKind.valueOf(name.replace('-', '_').toUpperCase(Locale.ROOT));
        };
    }
}
