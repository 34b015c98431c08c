package io.memos4j.internal;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Suggests the known name that is nearest to an unknown one by Levenshtein distance. */
public final class NearestName {
    /** Longer names are not compared beyond this, so that a hostile one costs nothing. */
    private static final int COMPARED = 64;

    private NearestName() {}

    /** The nearest of the known names, whatever the distance; empty if none is known. */
    public static Optional<String> find(String name, Collection<String> known) {
        String wanted = name.substring(0, Math.min(COMPARED, name.length())).toLowerCase(Locale.ROOT);
        return known.stream().sorted().min(Comparator.comparingInt(candidate -> distance(wanted, candidate)));
    }

    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
