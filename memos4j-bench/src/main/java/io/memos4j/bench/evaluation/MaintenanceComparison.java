package io.memos4j.bench.evaluation;

import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Page;
import io.memos4j.api.items.AddResult.Added;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.retention.RetentionPolicy;
import io.memos4j.api.search.SearchRequest;
import io.memos4j.api.search.SearchResult;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.api.tasks.TaskQuery;
import io.memos4j.api.tasks.TaskRequest;
import io.memos4j.api.tasks.TaskState;
import io.memos4j.bench.evaluation.YearCorpus.DatedMessage;
import io.memos4j.bench.evaluation.YearCorpus.DatedQuestion;
import io.memos4j.core.MemOs;
import io.memos4j.core.MemOsConfig;
import io.memos4j.core.MemOsConfig.Background;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Compares a cube with a year of messages without maintenance, after all maintenance, and after maintenance under
 * policies that archive cold memories. Each variant is asked the same questions. The clock follows the messages while
 * they are added.
 */
public final class MaintenanceComparison {
    private static final CubeId CUBE = CubeId.of("year");
    private static final int BATCH = 500;
    private static final int K = 50;
    private static final int UNBOUNDED_TOKENS = 1_000_000;
    private static final Duration TIMEOUT = Duration.ofHours(3);

    /** Searches before the measured ones, as a warm-up. */
    private static final int WARM_UP = 20;

    /** The token budgets that are measured. */
    private static final List<Integer> BUDGETS =
            IntStream.rangeClosed(8, 48).mapToObj(each -> 32 * each).toList();

    /** The capacity of the capacity policy, as a percentage of the messages. */
    private static final int CAPACITY = 60;

    private static final RetentionPolicy COOLING = RetentionPolicy.DEFAULT.archiveBelow(0.01);

    private static final Background NOTHING = without(EnumSet.allOf(TaskKind.class));
    private static final Background VECTORS = without(EnumSet.complementOf(EnumSet.of(TaskKind.EMBED)));

    /** The kinds with too many tasks to print each of them. */
    private static final Set<TaskKind> FREQUENT = EnumSet.of(TaskKind.SUMMARIZE, TaskKind.EMBED, TaskKind.PRELOAD);

    private final Path data;
    private final YearCorpus year;
    private final Consumer<String> progress;
    private final CachingEmbedder embedder = new CachingEmbedder();
    private final Map<ItemId, Set<String>> units = new HashMap<>();

    /**
     * The measurements of one variant of the cube.
     *
     * @param within the mean recall within each token budget
     * @param millis the median time of a search
     * @param seconds the time of all maintenance
     * @param tasks the number of tasks that ran, by kind
     * @param states the number of items, by type and state
     * @param heap the heap size of the open cube after all searches, in bytes
     */
    public record Variant(
            String way,
            double recall,
            Map<Integer, Double> within,
            double millis,
            double seconds,
            Map<TaskKind, Integer> tasks,
            Map<String, Integer> states,
            Size size,
            long heap) {}

    /** The sizes on disk, in bytes. */
    public record Size(long vault, long index) {}

    /** The measurements of all variants, the one without maintenance first. */
    public record Outcome(int messages, int questions, List<Variant> ways) {}

    private MaintenanceComparison(Path data, YearCorpus year, Consumer<String> progress) {
        this.data = data;
        this.year = year;
        this.progress = progress;
    }

    /**
     * Measures with the bundled embedder.
     *
     * @param sets the directories of labeled sets
     * @param messages the number of messages in the year
     * @param data an empty directory
     */
    public static Outcome measure(List<Path> sets, int messages, Path data, Consumer<String> progress) {
        return new MaintenanceComparison(data, YearCorpus.of(sets, messages), progress).run();
    }

    private static Background without(Set<TaskKind> kinds) {
        return new Background(kinds, List.of());
    }

    private Outcome run() {
        Path stored = data.resolve("off");
        store(stored);
        copy(stored, data.resolve("on"));
        Variant off = ask("maintenance off", stored, new Work(0, Map.of()));
        Work all = maintain(data.resolve("on"), RetentionPolicy.DEFAULT);
        // Copied before the questions, because searches heat the memories that they find.
        copy(data.resolve("on"), data.resolve("cooled"));
        copy(data.resolve("on"), data.resolve("cold"));
        Variant on = ask("all maintenance on", data.resolve("on"), all);
        Work capacity = maintain(
                data.resolve("cooled"),
                RetentionPolicy.DEFAULT.capacity((long) year.messages().size() * CAPACITY / 100));
        Variant cooled = ask("on, capacity " + CAPACITY + " %", data.resolve("cooled"), capacity);
        Work decay = maintain(data.resolve("cold"), COOLING);
        Variant cold = ask("on, archived below " + COOLING.archiveBelow(), data.resolve("cold"), decay);
        return new Outcome(year.messages().size(), year.questions().size(), List.of(off, on, cooled, cold));
    }

    private MemOsConfig config(Path folder, Clock clock, Background background) {
        return MemOsConfig.at(folder).withEmbedder(embedder).withClock(clock).withBackground(background);
    }

    private static Clock clockAfterYear() {
        return Clock.offset(Clock.systemUTC(), Duration.between(Instant.now(), YearCorpus.end()));
    }

    /** Adds the messages at their own times without background tasks, and then embeds them. */
    private void store(Path folder) {
        createDirectories(folder);
        MessageClock clock = new MessageClock();
        try (MemOs memos = MemOs.open(config(folder, clock, NOTHING))) {
            MemCube cube = memos.create(CUBE);
            for (int from = 0; from < year.messages().size(); from += BATCH) {
                List<DatedMessage> batch = year.messages()
                        .subList(from, Math.min(from + BATCH, year.messages().size()));
                clock.now = batch.getLast().message().time().orElse(clock.now);
                List<Added> added = cube.add(
                                batch.stream().map(DatedMessage::message).toList())
                        .items();
                for (Added each : added) {
                    String unit = batch.get(each.input()).unit();
                    if (!unit.isEmpty()) {
                        units.computeIfAbsent(each.id(), id -> new HashSet<>()).add(unit);
                    }
                }
            }
        }
        long start = System.nanoTime();
        try (MemOs memos = MemOs.open(config(folder, clockAfterYear(), VECTORS))) {
            require(memos.cube(CUBE.value()).awaitIdle(TIMEOUT), "vectors");
        }
        progress.accept(
                String.format("%d messages embedded in %.0f s", year.messages().size(), seconds(start)));
    }

    private static final class MessageClock extends Clock {
        private volatile Instant now = Instant.EPOCH;

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static void require(boolean done, String what) {
        if (!done) {
            throw new MemoryException(ErrorCode.TIMEOUT, "No " + what + " within " + TIMEOUT + ".");
        }
    }

    private record Work(double seconds, Map<TaskKind, Integer> tasks) {}

    /** Submits and runs all tasks that a year of adds would have submitted. */
    private Work maintain(Path folder, RetentionPolicy policy) {
        long start = System.nanoTime();
        try (MemOs memos = MemOs.open(config(folder, clockAfterYear(), Background.DEFAULT))) {
            memos.cube(CUBE.value()).policy(policy);
            if (policy.equals(RetentionPolicy.DEFAULT)) {
                step(memos, EnumSet.of(TaskKind.MERGE, TaskKind.RECONCILE));
                step(memos, EnumSet.of(TaskKind.LINK));
                year.messages().stream()
                        .map(dated -> dated.message().session())
                        .distinct()
                        .forEach(session -> memos.scheduler()
                                .submit(CUBE, TaskRequest.of(TaskKind.SUMMARIZE).about(session)));
                step(memos, EnumSet.of(TaskKind.PROFILE, TaskKind.EXPIRE));
            }
            step(memos, EnumSet.of(TaskKind.DECAY, TaskKind.CAPACITY));
            double seconds = seconds(start);
            Map<TaskKind, Integer> tasks = new HashMap<>();
            memos.scheduler()
                    .list(TaskQuery.ALL
                            .of(CUBE)
                            .in(TaskState.DONE, TaskState.DEAD, TaskState.SCHEDULED)
                            .limit(TaskQuery.MAX_LIMIT))
                    .forEach(task -> {
                        tasks.merge(task.kind(), 1, Integer::sum);
                        if (!FREQUENT.contains(task.kind())) {
                            progress.accept(task.kind() + " " + task.state() + ": " + task.note());
                        }
                    });
            return new Work(seconds, tasks);
        }
    }

    private void step(MemOs memos, Set<TaskKind> kinds) {
        long start = System.nanoTime();
        kinds.forEach(kind -> memos.scheduler().submit(CUBE, TaskRequest.of(kind)));
        require(memos.scheduler().maintain(CUBE, TIMEOUT), "maintenance");
        progress.accept(String.format("%s: %.1f s", kinds, seconds(start)));
    }

    private Variant ask(String way, Path folder, Work work) {
        long before = heap();
        try (MemOs memos = MemOs.open(config(folder, clockAfterYear(), VECTORS))) {
            MemCube cube = memos.cube(CUBE.value());
            year.questions().stream().limit(WARM_UP).forEach(question -> search(cube, question));
            List<Double> times = new ArrayList<>();
            double recall = 0;
            Map<Integer, Double> within = new HashMap<>();
            for (DatedQuestion question : year.questions()) {
                long start = System.nanoTime();
                SearchResult result = search(cube, question);
                times.add((System.nanoTime() - start - result.took("embed").toNanos()) / 1e6);
                List<RunFile.Item> items = result.hits().stream()
                        .map(hit -> new RunFile.Item(
                                EvaluationRunner.units(hit, units), hit.tokens(), "", Optional.empty()))
                        .toList();
                recall += share(question, items, item -> 1, 10);
                for (int budget : BUDGETS) {
                    within.merge(budget, share(question, items, RunFile.Item::tokens, budget), Double::sum);
                }
            }
            int count = Math.max(1, year.questions().size());
            within.replaceAll((budget, sum) -> sum / count);
            Collections.sort(times);
            Variant kept = new Variant(
                    way,
                    recall / count,
                    Map.copyOf(within),
                    times.isEmpty() ? 0 : times.get(times.size() / 2),
                    work.seconds,
                    work.tasks,
                    states(cube),
                    new Size(bytes(folder, "memos.db"), bytes(folder, "index")),
                    heap() - before);
            progress.accept(kept.way + ": " + new TreeMap<>(kept.within));
            progress.accept(kept.way + ": " + kept.states + " " + kept.tasks);
            return kept;
        }
    }

    private static SearchResult search(MemCube cube, DatedQuestion question) {
        return cube.search(SearchRequest.of(question.text())
                .limit(K)
                .maxTokens(UNBOUNDED_TOKENS)
                .within(Duration.ofMinutes(1))
                .at(question.at()));
    }

    /** Returns the share of the evidence in the first items whose total cost is within the budget. */
    private static double share(
            DatedQuestion question, List<RunFile.Item> items, ToIntFunction<RunFile.Item> cost, int budget) {
        Set<String> found = new HashSet<>();
        int spent = 0;
        for (RunFile.Item item : items) {
            spent += cost.applyAsInt(item);
            if (spent > budget) {
                break;
            }
            found.addAll(item.units());
        }
        return question.evidence().stream().filter(found::contains).count()
                / (double) question.evidence().size();
    }

    private static Map<String, Integer> states(MemCube cube) {
        Map<String, Integer> states = new HashMap<>();
        ListRequest request = ListRequest.first().where(Filter.ALL).limit(ListRequest.MAX_LIMIT);
        Page<MemoryItem> page = cube.list(request);
        while (true) {
            page.items()
                    .forEach(item ->
                            states.merge(item.type().id() + " " + item.state().id(), 1, Integer::sum));
            if (page.next().isEmpty()) {
                return states;
            }
            page = cube.list(request.after(page.next().orElseThrow()));
        }
    }

    private static long heap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private static long bytes(Path folder, String prefix) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> folder.relativize(file).toString().startsWith(prefix))
                    .filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        } catch (IOException e) {
            throw ioFailure(folder, e);
        }
    }

    private static void createDirectories(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw ioFailure(folder, e);
        }
    }

    private static void copy(Path from, Path to) {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        } catch (IOException e) {
            throw ioFailure(from, e);
        }
    }

    private static MemoryException ioFailure(Path folder, IOException e) {
        return new MemoryException(ErrorCode.STORAGE_FAILED, "Cannot read or write " + folder + ": " + e, e);
    }
}
