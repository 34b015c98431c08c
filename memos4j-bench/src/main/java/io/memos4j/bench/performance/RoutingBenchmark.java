package io.memos4j.bench.performance;

import io.memos4j.api.MemCube;
import io.memos4j.api.adapters.LearningPolicy;
import io.memos4j.api.chat.ChatRequest;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.Note;
import io.memos4j.core.ChatConfig;
import io.memos4j.core.ChatConfig.CacheQuota;
import io.memos4j.core.MemOs;
import io.memos4j.core.MemOsConfig;
import io.memos4j.core.TrainingConfig;
import io.memos4j.testkit.models.HashingEmbedder;
import io.memos4j.testkit.runtime.FakeAdapterTrainer;
import io.memos4j.testkit.runtime.FakeModelRuntime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Measures the cost of choosing the adapters for a question, among a few and among many. The model is a lookup table,
 * so that a turn consists of little else; the same turn without adapters is the baseline.
 */
final class RoutingBenchmark {
    private static final int[] ADAPTERS = {10, 100};
    private static final int EACH = 16;
    private static final int ASKED = 25;
    private static final int ROUNDS = 12;
    private static final int WARM = 4;
    private static final double BUDGET = 5;
    private static final Duration TIMEOUT = Duration.ofMinutes(10);

    /** The times of turns with adapters and of the same turns without. */
    private record Turns(LatencySamples with, LatencySamples without) {
        Turns() {
            this(new LatencySamples(), new LatencySamples());
        }
    }

    private RoutingBenchmark() {}

    static List<BenchmarkFigure> run() {
        List<BenchmarkFigure> figures = new ArrayList<>();
        for (int adapters : ADAPTERS) {
            try (ScratchDirectory workspace = new ScratchDirectory()) {
                Path base = workspace.folder("base");
                try (MemOs memos = MemOs.open(MemOsConfig.at(workspace.folder("data"))
                        .withEmbedder(new HashingEmbedder("hash", 384))
                        .withChat(new ChatConfig.LocalModel(FakeModelRuntime.in(base), CacheQuota.DEFAULT))
                        .withTraining(TrainingConfig.of(new FakeAdapterTrainer(), base)
                                .itemsPerAdapter(EACH)))) {
                    figures.addAll(figures(memos.cube("taught"), adapters));
                }
            }
        }
        return figures;
    }

    private static List<BenchmarkFigure> figures(MemCube cube, int adapters) {
        cube.add(IntStream.range(0, adapters * EACH)
                .mapToObj(i -> Note.of("The cat of Person" + i + " is called Tom" + i + ".")
                        .as(ItemType.FACT))
                .toList());
        cube.awaitIdle(TIMEOUT);
        cube.adapters().policy(LearningPolicy.DEFAULT.consent(true).heat(0).stable(Duration.ZERO));
        int taught = 0;
        while (taught < adapters) {
            int more = cube.adapters().train(List.of(), lesson -> true).size();
            if (more == 0) {
                throw new IllegalStateException("Only " + taught + " of " + adapters + " adapters could be taught.");
            }
            taught += more;
        }
        int chosen = ask(cube, adapters, WARM, new Turns());
        Turns turns = new Turns();
        chosen += ask(cube, adapters, ROUNDS - WARM, turns);
        String size = adapters + " adapters of " + EACH + " memories: ";
        return List.of(
                BenchmarkFigure.atMost(
                        size + "choosing, median", turns.with.median() - turns.without.median(), "ms", BUDGET),
                BenchmarkFigure.baseline("the turn without adapters, median", turns.without.median(), "ms"),
                new BenchmarkFigure(size + "questions that got one", 100.0 * chosen / (ROUNDS * ASKED), "%", "", true));
    }

    /** Asks about memories of some adapters, round after round; returns how often an adapter answered. */
    private static int ask(MemCube cube, int adapters, int rounds, Turns turns) {
        int chosen = 0;
        for (int i = 0; i < rounds * ASKED; i++) {
            int person = i % ASKED * EACH % (adapters * EACH);
            ChatRequest request = ChatRequest.of("What is the cat of Person" + person + " called?")
                    .memoryTokens(0)
                    .maxTokens(1)
                    .remember(false);
            turns.without.time(() -> cube.chat(request.adapters(false)));
            turns.with.time(() -> cube.chat(request));
            chosen += cube.chat(request).adapters().isEmpty() ? 0 : 1;
        }
        return chosen;
    }
}
