package io.memos4j.core;

import io.memos4j.api.CubeId;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.items.AddRequest;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ItemEdit;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.MemoryInput;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Message;
import io.memos4j.api.items.Note;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.api.tasks.TaskRequest;
import io.memos4j.core.ChatConfig.CacheQuota;
import io.memos4j.core.MemOsConfig.Background;
import io.memos4j.spi.kvcache.PromotionTarget;
import io.memos4j.spi.models.Embedder;
import io.memos4j.spi.models.LanguageModel;
import io.memos4j.testkit.models.HashingEmbedder;
import io.memos4j.testkit.runtime.FakeAdapterTrainer;
import io.memos4j.testkit.runtime.FakeModelRuntime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The process that {@link TaskCrashIT} kills: remembers what gives a kind of task something to do, asks for it and goes
 * on adding; says {@value #ACKNOWLEDGED} for each message that is stored, and {@value #HALT} when it can be killed.
 */
final class CrashingTask {
    private static final String SUMMARY = """
            {"gist": "%s", "sentences": [{"text": "%s", "sources": [%s]}]}""";

    private static final String EVENT = """
            {"memories": [{"type": "event", "text": "%s", "sources": [%s], "confidence": 0.9, "occurred": null,
              "valid_from": null, "valid_to": null, "implicit": false, "attribute": null, "supersedes": []}],
             "updates": [], "retirements": []}""";

    static final String ACKNOWLEDGED = "STORED";
    static final String HALT = "HALT";
    static final String HOT = "The spare key of the boat lies under the third stone";
    static final CubeId CUBE = CubeId.of("crash");

    /** So that what was stored in one round is old, cold and stable in the next. */
    static final Duration BETWEEN_ROUNDS = Duration.ofDays(8);

    private static final int EXPIRING = 20;
    private static final Instant MARCH = Instant.parse("2025-03-04T10:00:00Z");
    private static final Instant JUNE = Instant.parse("2025-06-01T10:00:00Z");
    private static final List<String> CITIES = List.of("Lyon", "Graz", "Porto", "Turin", "Ghent", "Basel", "Split");

    /** What adds set going at once would halt before there is anything to lose. */
    private static volatile boolean armed;

    /** Where in its work a task is killed. */
    enum Point {
        /** In the embedder, the language model or the promotion target. */
        DURING,
        /** Its first commit has not begun. */
        BEFORE,
        /** Its first commit is written but not committed. */
        WITHIN,
        /** Its first commit is durable, and nobody knows. */
        AFTER
    }

    private CrashingTask() {}

    static TaskKind kind() {
        return TaskKind.parse(System.getProperty("crash.kind"));
    }

    static Point point() {
        return Point.valueOf(System.getProperty("crash.point", Point.DURING.name()));
    }

    /** Says that the process can be killed, and waits for it. */
    static void halt() {
        if (!armed) {
            return;
        }
        say(HALT);
        try {
            Thread.sleep(Duration.ofHours(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static synchronized void say(String line) {
        if (System.getProperty("crash.kind") != null) {
            System.out.println(line);
            System.out.flush();
        }
    }

    /** How both processes open the directory. */
    static MemOsConfig config(Path directory, TaskKind kind, int round, boolean halting) {
        boolean during = halting && point() == Point.DURING;
        PromotionTarget target = (cube, memories) -> {
            haltIf(during && kind == TaskKind.PROMOTE);
            memories.forEach(
                    each -> note(directory.resolve("promoted"), each.item().text()));
        };
        MemOsConfig config = MemOsConfig.at(directory)
                .withClock(Clock.offset(Clock.systemUTC(), BETWEEN_ROUNDS.multipliedBy(round)))
                .withEmbedder(new Embedding(new HashingEmbedder("hash", 32), during && kind == TaskKind.EMBED))
                .withBackground(new Background(Set.of(), List.of(target)));
        return kind == TaskKind.TEACH
                ? teaching(config, directory.resolve("rote"))
                : needsModel(kind) ? config.withModel(new Model(during)) : config;
    }

    private static MemOsConfig teaching(MemOsConfig config, Path base) {
        return config.withChat(new ChatConfig.LocalModel(FakeModelRuntime.in(base), CacheQuota.DEFAULT))
                .withTraining(TrainingConfig.of(new FakeAdapterTrainer(), base).itemsPerAdapter(2));
    }

    private static boolean needsModel(TaskKind kind) {
        return kind == TaskKind.EXTRACT || kind == TaskKind.SUMMARIZE || kind == TaskKind.REVIEW;
    }

    /** Where tasks of a kind can be killed. */
    static Set<Point> points(TaskKind kind) {
        boolean during = needsModel(kind) || kind == TaskKind.EMBED || kind == TaskKind.PROMOTE;
        return during ? EnumSet.allOf(Point.class) : EnumSet.complementOf(EnumSet.of(Point.DURING));
    }

    private static void haltIf(boolean now) {
        if (now) {
            halt();
        }
    }

    private static void note(Path file, String line) {
        try {
            Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record Embedding(HashingEmbedder hashing, boolean halting) implements Embedder {
        @Override
        public String id() {
            return hashing.id();
        }

        @Override
        public int dimension() {
            return hashing.dimension();
        }

        @Override
        public boolean covers(String text) {
            return true;
        }

        @Override
        public float[] embed(String text, Purpose purpose) {
            haltIf(halting && text.contains("Gerda"));
            return hashing.embed(text, purpose);
        }

        @Override
        public void close() {
            hashing.close();
        }
    }

    /** Retells the first message that it is shown. */
    private record Model(boolean halting) implements LanguageModel {
        private static final Pattern MESSAGE = Pattern.compile("⟦message (\\d+)[^⟧]*⟧\\n([^⟦]*)");

        @Override
        public String id() {
            return "retelling";
        }

        @Override
        public Completion complete(Prompt prompt) {
            boolean summary = prompt.schema().contains("gist");
            boolean review = prompt.schema().contains("verdict");
            TaskKind asking = summary ? TaskKind.SUMMARIZE : review ? TaskKind.REVIEW : TaskKind.EXTRACT;
            haltIf(halting && asking == kind());
            if (review) {
                return new Completion("{\"decisions\": []}", 100, 10, false);
            }
            Matcher message = MESSAGE.matcher(prompt.user());
            if (!message.find()) {
                return new Completion("{}", 5, 5, false);
            }
            String text = message.group(2).strip().replace("\"", "'").replace("\n", " ");
            String source = message.group(1);
            String answer = summary ? SUMMARY.formatted(text, text, source) : EVENT.formatted(text, source);
            return new Completion(answer, 100, 40, false);
        }
    }

    /** Remembers what gives every kind of task something to do. */
    static List<ItemId> remember(MemCube cube, int round) {
        Duration day = Duration.ofDays(round);
        Instant march = MARCH.plus(day);
        Instant june = JUNE.plus(day);
        List<ItemId> stored = add(
                cube,
                message("a" + round, "I live in " + CITIES.get(round) + ".", march),
                message("a" + round, "The hut above Mount " + round + " has eleven beds!", march),
                message("a" + round, "On Monday I helped Gerda" + round + " Nowak to paint her kitchen", march),
                message("a" + round, "We renovate the kitchen of flat " + round + " until June", march),
                message("a" + round, "The carpenter of flat " + round + " is called Paul", march),
                message("b" + round, "The hut above mount " + round + " has eleven beds", june),
                message("b" + round, "The dentist says that Gerda" + round + " Nowak was there too", june));
        cube.add(AddRequest.of(IntStream.range(0, EXPIRING)
                        .mapToObj(i -> (MemoryInput) Note.of("Door code " + round + " of house " + i))
                        .toList())
                .expiring(MARCH));
        return stored;
    }

    private static Message message(String session, String text, Instant when) {
        return Message.user(text).by("Alice").in(session).at(when);
    }

    private static List<ItemId> add(MemCube cube, Message... messages) {
        List<ItemId> stored = cube.add(AddRequest.of(List.of(messages))).ids();
        stored.forEach(id -> say(ACKNOWLEDGED + " " + id + " ."));
        return stored;
    }

    /** Puts former values of an attribute beside the current one. */
    private static void dispute(MemCube cube) {
        Filter former = Filter.and(
                Filter.type(ItemType.MESSAGE), Filter.eq("state", ItemState.ARCHIVED.id()), Filter.speaker("Alice"));
        cube.list(ListRequest.first().where(former)).items().stream()
                .filter(item -> item.text().startsWith("I live in"))
                .map(MemoryItem::id)
                .forEach(id -> cube.update(id, ItemEdit.NOTHING.state(ItemState.ACTIVATED)));
    }

    public static void main(String[] arguments) throws InterruptedException {
        int round = Integer.parseInt(arguments[1]);
        TaskKind kind = kind();
        armed = kind != TaskKind.EMBED && kind != TaskKind.EXTRACT;
        MemOs memos = MemOs.open(config(Path.of(arguments[0]), kind, round, true));
        MemCube cube = memos.cube(CUBE.value());
        Thread.ofPlatform().daemon().start(() -> chatter(cube, round));
        remember(cube, round);
        if (kind == TaskKind.RECONCILE) {
            dispute(cube);
        }
        armed = true;
        add(cube, message("c" + round, "Gerda" + round + " Nowak came to dinner", JUNE));
        boolean ofSession = kind == TaskKind.SUMMARIZE || kind == TaskKind.PRELOAD;
        memos.scheduler().submit(CUBE, TaskRequest.of(kind).about(ofSession ? "a" + round : ""));
        Thread.sleep(Duration.ofHours(1));
    }

    /** People go on talking while tasks run. */
    private static void chatter(MemCube cube, int round) {
        for (int i = 0; i < 20; i++) {
            add(cube, message("chatter", "Heron " + i + " of day " + round + " stood in the reeds", MARCH));
        }
    }
}
