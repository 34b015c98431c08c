package io.memos4j.bench.performance;

import java.util.concurrent.ConcurrentLinkedQueue;

/** Collects durations in milliseconds. Thread-safe. */
final class LatencySamples {
    private final ConcurrentLinkedQueue<Double> milliseconds = new ConcurrentLinkedQueue<>();

    /** Runs the work and adds its duration. */
    void time(Runnable work) {
        long start = System.nanoTime();
        work.run();
        add(System.nanoTime() - start);
    }

    void add(long nanoseconds) {
        milliseconds.add(nanoseconds / 1e6);
    }

    double percentile(int percent) {
        double[] sorted =
                milliseconds.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return sorted.length == 0 ? 0 : sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
    }

    double median() {
        return percentile(50);
    }
}
