package io.memos4j.bench.eviction;

import io.memos4j.core.kvcache.CacheAccess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Builds traces from recorded conversations: each user message requests what BM25 finds for it among the earlier
 * messages of its memory.
 *
 * <p>The conversations are those of the demo and of labeled sets. Messages come in order of time over all memories,
 * followed by the questions of a set. Each conversation gives two traces: the five messages found, all of one size; and
 * the prompt prefix of the memory with the earlier sessions of the five, each of its own size.
 */
final class RecordedTraces {
    private static final String DEMO = "/io/memos4j/cli/demo/conversation.jsonl";
    private static final double[] SHARES = {.05, .2, .5};
    /** The F16 cache of the benchmark model takes 24,592 bytes per token of about four letters. */
    private static final long BYTES_A_LETTER = 24_592 / 4;

    private static final int FOUND = 5;
    private static final long PREFIX_LETTERS = 1_200;
    private static final JsonMapper MAPPER = new JsonMapper();

    private RecordedTraces() {}

    /** A message, or a question that is not stored. */
    private record Turn(String memory, String session, Instant at, String text, boolean asks, boolean kept) {}

    static List<CacheTrace> all(List<Path> sets) {
        List<CacheTrace> traces = new ArrayList<>();
        InputStream demo = RecordedTraces.class.getResourceAsStream(DEMO);
        if (demo != null) {
            traces.addAll(traces("demo", turns(demo, true)));
        }
        sets.forEach(set -> traces.addAll(traces(String.valueOf(set.normalize().getFileName()), set(set))));
        return traces;
    }

    private static List<Turn> set(Path folder) {
        try {
            List<Turn> turns = turns(Files.newInputStream(folder.resolve("corpus.jsonl")), true);
            turns.addAll(turns(Files.newInputStream(folder.resolve("questions.jsonl")), false));
            return turns;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Cannot read the set " + folder + ": corpus.jsonl and questions.jsonl are required.", e);
        }
    }

    private static List<Turn> turns(InputStream lines, boolean kept) {
        List<Turn> turns = new ArrayList<>();
        Instant last = Instant.EPOCH;
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(lines, StandardCharsets.UTF_8))) {
            for (String line : reader.lines().filter(each -> !each.isBlank()).toList()) {
                JsonNode node = MAPPER.readTree(line);
                Instant at = time(node.path("time").asString(""), last);
                last = at;
                String memory = node.path("haystack").asString("");
                turns.add(new Turn(
                        memory,
                        kept ? memory + "/" + node.path("session").asString("") : memory + "/questions",
                        at,
                        node.path(kept ? "text" : "question").asString(""),
                        !node.path("role").asString("user").equals("assistant"),
                        kept));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read a recorded conversation.", e);
        }
        return turns;
    }

    /** Parses a time; one that does not advance becomes half a minute after the previous one. */
    private static Instant time(String text, Instant last) {
        Instant at = text.isEmpty()
                ? last
                : text.length() == 10
                        ? LocalDateTime.parse(text + "T00:00:00").toInstant(ZoneOffset.UTC)
                        : text.endsWith("Z")
                                ? Instant.parse(text)
                                : LocalDateTime.parse(text.substring(0, 19)).toInstant(ZoneOffset.UTC);
        return at.isAfter(last) || Math.abs(at.getEpochSecond() - last.getEpochSecond()) > 86_400
                ? at
                : last.plusSeconds(30);
    }

    private static List<CacheTrace> traces(String name, List<Turn> turns) {
        Replay replay = new Replay(turns);
        replay.run();
        return List.of(
                new CacheTrace(name + ", messages", replay.messages, SHARES),
                new CacheTrace(name + ", sessions", replay.sessions, SHARES));
    }

    /** Replays a conversation and records the requests. */
    private static final class Replay {
        private final List<Turn> ordered;
        private final Map<String, Long> letters = new HashMap<>();
        private final Map<String, Integer> numbers = new HashMap<>();
        private final List<CacheAccess<Integer>> messages = new ArrayList<>();
        private final List<CacheAccess<Integer>> sessions = new ArrayList<>();

        Replay(List<Turn> turns) {
            ordered = new ArrayList<>(turns);
            ordered.sort(Comparator.comparing(Turn::kept).reversed().thenComparing(Turn::at));
            turns.forEach(
                    turn -> letters.merge(turn.session(), (long) turn.text().length(), Long::sum));
        }

        void run() {
            try (Bm25Recall recollection = new Bm25Recall()) {
                for (int i = 0; i < ordered.size(); i++) {
                    Turn turn = ordered.get(i);
                    if (turn.asks()) {
                        ask(turn, recollection.find(turn.memory(), turn.text(), FOUND));
                    }
                    if (turn.kept()) {
                        recollection.keep(i, turn.memory(), turn.text());
                    }
                }
            }
        }

        private void ask(Turn turn, List<Integer> found) {
            Set<String> earlier = new LinkedHashSet<>();
            for (int message : found) {
                messages.add(new CacheAccess<>(message, 1_000_000, turn.session(), turn.at()));
                earlier.add(ordered.get(message).session());
            }
            earlier.remove(turn.session());
            use(turn, "prefix " + turn.memory(), PREFIX_LETTERS);
            earlier.forEach(session -> use(turn, session, letters.getOrDefault(session, 0L)));
        }

        private void use(Turn turn, String name, long length) {
            int number = numbers.computeIfAbsent(name, key -> numbers.size());
            sessions.add(new CacheAccess<>(number, Math.max(1, length) * BYTES_A_LETTER, turn.session(), turn.at()));
        }
    }
}
