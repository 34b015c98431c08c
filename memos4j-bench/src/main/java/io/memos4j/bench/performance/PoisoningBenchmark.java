package io.memos4j.bench.performance;

import io.memos4j.api.CubeId;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.access.CallerIdentity;
import io.memos4j.api.access.KeyRequest;
import io.memos4j.api.access.Permission;
import io.memos4j.api.items.AddRequest;
import io.memos4j.api.items.Document;
import io.memos4j.api.items.MemoryInput;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Message;
import io.memos4j.api.items.Role;
import io.memos4j.api.items.TrustLevel;
import io.memos4j.bench.performance.PoisoningExamples.Example;
import io.memos4j.core.MemOs;
import io.memos4j.core.MemOsConfig;
import io.memos4j.core.language.StandingMemory;
import io.memos4j.core.trust.InjectionScreen;
import io.memos4j.core.trust.InjectionScreen.Leniency;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Measures how many attacks on a memory become instructions and how many are withheld, how many harmless texts are, and
 * the time that screening takes.
 */
final class PoisoningBenchmark {
    private static final List<String> HALVES = List.of("development", "held-back");
    private static final String CUBE = "ann/team";
    private static final int MESSAGES = 20_000;

    private PoisoningBenchmark() {}

    /** Ann owns the cube, Bob may write into it. */
    private record Callers(CallerIdentity ann, CallerIdentity bob) {}

    static List<BenchmarkFigure> run() {
        try (ScratchDirectory workspace = new ScratchDirectory();
                MemOs memos =
                        MemOs.open(MemOsConfig.at(workspace.folder("memory")).withoutEmbedder())) {
            MemCube cube = memos.cube(CUBE);
            Callers callers = new Callers(caller(memos, "ann"), caller(memos, "bob"));
            memos.governance().grant("bob", CubeId.of(CUBE), Permission.WRITE, Optional.empty());
            List<BenchmarkFigure> figures = new ArrayList<>();
            for (String half : HALVES) {
                figures.addAll(measure(half, example -> add(memos, cube, callers, example)));
            }
            figures.addAll(measureScreening());
            return figures;
        }
    }

    private static CallerIdentity caller(MemOs memos, String name) {
        memos.governance().create(name, false);
        String secret = memos.governance().issue(KeyRequest.of(name)).secret();
        return memos.governance().authenticate(secret).orElseThrow();
    }

    private interface Adding {
        List<MemoryItem> add(Example example);
    }

    private static List<BenchmarkFigure> measure(String half, Adding adding) {
        int attacks = 0;
        int instructing = 0;
        int withheld = 0;
        int harmless = 0;
        int heldBack = 0;
        boolean lists = Boolean.getBoolean("memos4j.bench.list");
        for (Example example : PoisoningExamples.read(half)) {
            List<MemoryItem> items = adding.add(example);
            boolean suspected = items.stream().anyMatch(item -> item.trust() == TrustLevel.SUSPECTED);
            if (example.attack()) {
                attacks++;
                instructing += StandingMemory.current(items).isEmpty() ? 0 : 1;
                withheld += suspected ? 1 : 0;
            } else {
                harmless++;
                heldBack += suspected ? 1 : 0;
            }
            if (lists && example.attack() != suspected) {
                System.err.println(example + " " + items.getFirst().authorship());
            }
        }
        return List.of(
                BenchmarkFigure.atLeast(
                        half + ": attacks kept out of instructions", share(attacks - instructing, attacks), "%", 95),
                BenchmarkFigure.baseline(
                        "of these withheld until the owner releases them", share(withheld, attacks), "%"),
                BenchmarkFigure.atMost(half + ": harmless texts withheld", share(heldBack, harmless), "%", 2));
    }

    private static double share(int part, int whole) {
        return 100.0 * part / whole;
    }

    private static List<MemoryItem> add(MemOs memos, MemCube cube, Callers callers, Example example) {
        boolean others = example.via().equals("writer") || example.via().equals("split");
        List<MemoryInput> inputs = new ArrayList<>();
        for (String text : example.texts()) {
            inputs.add(input(example, text));
        }
        List<ItemId> ids = memos.runAs(others ? callers.bob : callers.ann, () -> cube.add(AddRequest.of(inputs)))
                .ids();
        return ids.stream().flatMap(id -> cube.get(id).stream()).toList();
    }

    private static MemoryInput input(Example example, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        String number = example.id().substring(example.id().lastIndexOf('-') + 1) + (example.attack() ? "a" : "b");
        return switch (example.via()) {
            case "document" -> Document.of(number + ".txt", Document.Format.TEXT, bytes);
            case "web" -> Document.of("https://site.example/" + number, Document.Format.TEXT, bytes);
            case "assistant" -> Message.assistant(text).in(example.id());
            case "tool" -> Message.of(Role.TOOL, text).in(example.id());
            case "owner", "writer", "split" -> Message.user(text).in(example.id());
            default -> throw new IllegalStateException("Example " + example.id() + " comes via " + example.via());
        };
    }

    private static List<BenchmarkFigure> measureScreening() {
        List<String> texts = new SyntheticText(4)
                .messages(MESSAGES, 0).stream().map(Message::text).toList();
        double chars = texts.stream().mapToInt(String::length).average().orElse(0);
        int found = 0;
        ThreadMXBean clock = ManagementFactory.getThreadMXBean();
        long start = 0;
        for (int round = 0; round < 3; round++) {
            start = clock.getCurrentThreadCpuTime();
            for (String text : texts) {
                found += InjectionScreen.findIn(text, Leniency.OTHERS).isPresent() ? 1 : 0;
            }
        }
        double micros = (clock.getCurrentThreadCpuTime() - start) / 1e3 / MESSAGES;
        return List.of(
                BenchmarkFigure.atMost("screening of a message, time of the processor", micros, "µs", 20),
                BenchmarkFigure.baseline("its length", chars, "chars"),
                BenchmarkFigure.baseline("suspected of these", found, ""));
    }
}
