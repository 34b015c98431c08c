package io.memos4j.cli.output;

import io.memos4j.api.MemCube;
import java.io.PrintWriter;
import java.time.Duration;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Waits for the vectors of a cube, with a progress bar on a terminal. */
public final class VectorProgress {
    private static final Duration STEP = Duration.ofMillis(200);

    private VectorProgress() {}

    /** Waits until all vectors are computed; returns false if the time is up first. */
    public static boolean await(MemCube cube, PrintWriter err, Duration longest) {
        long pending = cube.describe().pendingVectors();
        if (pending == 0 || !TerminalDetection.err()) {
            return cube.awaitIdle(longest);
        }
        err.flush();
        long end = System.nanoTime() + longest.toNanos();
        try (ProgressBar bar = bar("Computing vectors", pending)) {
            while (!cube.awaitIdle(STEP)) {
                bar.stepTo(pending - Math.min(pending, cube.describe().pendingVectors()));
                if (System.nanoTime() > end) {
                    return false;
                }
            }
            bar.stepTo(pending);
            return true;
        }
    }

    /** Opens a progress bar on the error stream. */
    public static ProgressBar bar(String task, long steps) {
        return new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(steps)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(200)
                .build();
    }
}
