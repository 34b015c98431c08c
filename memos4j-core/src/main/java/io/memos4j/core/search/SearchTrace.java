package io.memos4j.core.search;

import io.memos4j.api.Warning;
import io.memos4j.api.search.SearchResult.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Records the stages of one search, with their durations and notes, and its warnings. Thread-safe: stages may run in
 * parallel.
 */
final class SearchTrace {
    private final boolean explain;
    private final List<Stage> stages = new ArrayList<>();
    private final Set<Warning> warnings = new LinkedHashSet<>();
    private final ThreadLocal<String> note = ThreadLocal.withInitial(() -> "");

    SearchTrace(boolean explain) {
        this.explain = explain;
    }

    /** Runs a stage and records it. */
    <T> T time(String stage, Supplier<T> work) {
        note.remove();
        long start = System.nanoTime();
        try {
            return work.get();
        } finally {
            record(new Stage(stage, Duration.ofNanos(System.nanoTime() - start), note.get()));
            note.remove();
        }
    }

    /** Describes what the running stage did; the words are computed only for an explanation. */
    void note(Supplier<String> words) {
        if (explain) {
            note.set(words.get());
        }
    }

    synchronized void warn(String code, String message) {
        warnings.add(new Warning(code, message));
    }

    synchronized List<Stage> stages() {
        return List.copyOf(stages);
    }

    synchronized List<Warning> warnings() {
        return List.copyOf(warnings);
    }

    private synchronized void record(Stage stage) {
        stages.add(stage);
    }
}
