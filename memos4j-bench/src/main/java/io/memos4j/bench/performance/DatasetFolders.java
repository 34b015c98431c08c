package io.memos4j.bench.performance;

import io.memos4j.api.MemoryException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * The directories of labeled sets, which are not part of this repository: {@value #SETS} names them, separated by
 * commas.
 */
final class DatasetFolders {
    private static final String SETS = "MEMOS4J_EVAL";

    private DatasetFolders() {}

    static boolean given() {
        return !sets().isBlank();
    }

    static List<Path> folders() {
        String sets = sets();
        if (sets.isBlank()) {
            throw MemoryException.invalid(
                    "The benchmark needs labeled sets: set " + SETS + " to their directories, separated by commas.");
        }
        return Arrays.stream(sets.split(",")).map(String::strip).map(Path::of).toList();
    }

    private static String sets() {
        return System.getenv().getOrDefault(SETS, "");
    }
}
