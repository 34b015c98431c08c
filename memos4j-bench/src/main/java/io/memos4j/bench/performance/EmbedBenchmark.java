package io.memos4j.bench.performance;

import io.memos4j.api.MemCube;
import io.memos4j.api.items.Message;
import io.memos4j.core.MemOs;
import io.memos4j.core.MemOsConfig;
import io.memos4j.spi.models.Embedder;
import io.memos4j.spi.models.EmbedderProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Measures the embedding speed through the engine as a share of that of the model alone. */
final class EmbedBenchmark {
    private static final int TEXTS = 3_000;

    private EmbedBenchmark() {}

    static List<BenchmarkFigure> run() {
        List<Message> messages = new SyntheticText(5).messages(TEXTS, 0);
        double alone = measureAlone(messages);
        double engine = measureEngine(messages);
        return List.of(
                BenchmarkFigure.atLeast(
                        "embedding through the engine, share of the model alone", 100 * engine / alone, "%", 80),
                BenchmarkFigure.baseline("through the engine", engine, "txt/s"),
                BenchmarkFigure.baseline("the model alone, same texts and threads", alone, "txt/s"));
    }

    private static double measureAlone(List<Message> messages) {
        try (Embedder embedder = ServiceLoader.load(EmbedderProvider.class)
                        .findFirst()
                        .orElseThrow()
                        .open();
                ExecutorService threads = Executors.newFixedThreadPool(embedder.concurrency())) {
            embedder.embed("warm up", Embedder.Purpose.DOCUMENT);
            long start = System.nanoTime();
            List<Future<float[]>> running = new ArrayList<>();
            for (Message message : messages) {
                String text = message.speaker() + ": " + message.text();
                running.add(threads.submit(() -> embedder.embed(text, Embedder.Purpose.DOCUMENT)));
            }
            for (Future<float[]> each : running) {
                each.get();
            }
            return messages.size() / ((System.nanoTime() - start) / 1e9);
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("The embedder failed.", e);
        }
    }

    private static double measureEngine(List<Message> messages) {
        try (ScratchDirectory workspace = new ScratchDirectory();
                MemOs memos = MemOs.open(MemOsConfig.at(workspace.folder("embed")))) {
            MemCube cube = memos.cube("embed");
            cube.add("Load the model.");
            cube.awaitIdle(Duration.ofMinutes(1));
            cube.add(messages);
            long start = System.nanoTime();
            cube.awaitIdle(Duration.ofHours(1));
            return messages.size() / ((System.nanoTime() - start) / 1e9);
        }
    }
}
