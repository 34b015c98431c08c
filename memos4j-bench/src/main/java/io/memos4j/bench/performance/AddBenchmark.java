package io.memos4j.bench.performance;

import io.memos4j.api.MemCube;
import io.memos4j.api.items.Message;
import io.memos4j.core.MemOs;
import io.memos4j.core.MemOsConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Measures how fast messages become durable and searchable, without vectors. */
final class AddBenchmark {
    private static final int WRITERS = 16;
    private static final int ADDS_A_WRITER = 250;
    private static final int BATCHES = 60;
    private static final int BATCH = 500;

    private AddBenchmark() {}

    static List<BenchmarkFigure> run() {
        try (ScratchDirectory workspace = new ScratchDirectory()) {
            List<BenchmarkFigure> figures = new ArrayList<>(measureConcurrent(workspace));
            figures.addAll(measureBatches(workspace));
            return figures;
        }
    }

    private static List<BenchmarkFigure> measureConcurrent(ScratchDirectory workspace) {
        LatencySamples alone = new LatencySamples();
        LatencySamples many = new LatencySamples();
        try (MemOs memos =
                MemOs.open(MemOsConfig.at(workspace.folder("concurrent")).withoutEmbedder())) {
            MemCube warm = memos.cube("warm");
            new SyntheticText(1).messages(2_000, 0).forEach(message -> warm.add(message));
            MemCube single = memos.cube("single");
            new SyntheticText(2).messages(500, 0).forEach(message -> alone.time(() -> single.add(message)));
            MemCube shared = memos.cube("shared");
            inParallel(writer -> new SyntheticText(writer)
                    .messages(ADDS_A_WRITER, writer * ADDS_A_WRITER)
                    .forEach(message -> many.time(() -> shared.add(message))));
        }
        return List.of(
                BenchmarkFigure.atMost("add, 16 concurrent writers on one cube, p95", many.percentile(95), "ms", 10),
                BenchmarkFigure.baseline("the same, p50", many.median(), "ms"),
                BenchmarkFigure.baseline("add, one writer, p50", alone.median(), "ms"),
                BenchmarkFigure.baseline("add, one writer, p95", alone.percentile(95), "ms"));
    }

    private interface Writer {
        void run(int number);
    }

    private static void inParallel(Writer work) {
        try (ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                int number = i;
                running.add(writers.submit(() -> work.run(number)));
            }
            for (Future<?> each : running) {
                each.get();
            }
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("A writer failed.", e);
        }
    }

    private static List<BenchmarkFigure> measureBatches(ScratchDirectory workspace) {
        SyntheticText text = new SyntheticText(3);
        List<List<Message>> batches = new ArrayList<>();
        for (int i = 0; i < BATCHES; i++) {
            batches.add(text.messages(BATCH, i * BATCH));
        }
        double rate;
        try (MemOs memos =
                MemOs.open(MemOsConfig.at(workspace.folder("batched")).withoutEmbedder())) {
            MemCube cube = memos.cube("batched");
            long start = System.nanoTime();
            batches.forEach(batch -> cube.add(batch));
            rate = BATCHES * BATCH / ((System.nanoTime() - start) / 1e9);
        }
        return List.of(
                BenchmarkFigure.atLeast("add in batches of 500, durable and searchable", rate, "msg/s", 2_000),
                BenchmarkFigure.baseline(
                        "SQLite alone, one table", PlainBaselines.sqlite(workspace.folder("sqlite"), batches), "msg/s"),
                BenchmarkFigure.baseline(
                        "Lucene alone, text only",
                        PlainBaselines.lucene(workspace.folder("lucene"), batches),
                        "msg/s"));
    }
}
