package io.memos4j.cli.demo;

import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.items.Document;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.Message;
import io.memos4j.api.items.Selection;
import io.memos4j.api.search.SearchHit;
import io.memos4j.api.search.SearchRequest;
import io.memos4j.api.search.SearchResult;
import io.memos4j.bench.performance.ScratchDirectory;
import io.memos4j.cli.command.EngineCommand;
import io.memos4j.cli.command.ExitCode;
import io.memos4j.cli.memory.ChatLogReader;
import io.memos4j.cli.output.ItemFormatter;
import io.memos4j.cli.output.TextOutput;
import io.memos4j.cli.output.VectorProgress;
import io.memos4j.core.MemOs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Demonstrates adding, searching, erasing and reopening on a conversation of nine months. */
@Command(
        name = "demo",
        description = "Add a long conversation, ask about it, erase a part, restart: under a minute, in a temporary"
                + " directory.")
public final class DemoCommand extends EngineCommand {
    private static final String CUBE = "maya";
    private static final String SECRET_SESSION = "2025-06-18-door-code";
    private static final String SECRET = "Seepferdchen-7719";
    private static final int CHECKED = 3;
    private static final int SHOWN = 2;
    private static final int EXCERPT = 220;
    private static final String RESOURCES = "/io/memos4j/cli/demo/";

    private final List<Double> searchMs = new ArrayList<>();

    /** A question with the words that the right answer contains and the session that has it. */
    private record Question(String text, Instant time, String expected, String session) {}

    @Override
    public Integer call() throws Exception {
        try (ScratchDirectory workspace = new ScratchDirectory()) {
            Path scratch = workspace.folder("demo");
            TextOutput screen = screen();
            int right = addAndAsk(screen, scratch);
            reopen(screen, scratch);
            return right > 0 ? ExitCode.OK : ExitCode.FAILED;
        }
    }

    @Override
    protected int run(MemOs memos) {
        throw new IllegalStateException("The demo opens its own directory.");
    }

    private int addAndAsk(TextOutput screen, Path scratch) throws IOException {
        try (MemOs memos = MemOs.open(config(scratch))) {
            MemCube cube = memos.cube(CUBE);
            add(screen, cube);
            int right = ask(screen, cube);
            erase(screen, cube, scratch);
            return right;
        }
    }

    private void add(TextOutput screen, MemCube cube) throws IOException {
        List<Message> messages = conversation();
        Document notes = Document.of("notes.md", Document.Format.MARKDOWN, resource("notes.md"))
                .at(Instant.parse("2025-09-14T18:00:00Z"));
        section(screen, "1. Add");
        long start = System.nanoTime();
        cube.add(messages);
        cube.add(notes);
        double stored = ms(start);
        screen.format(
                "%d messages in %d sessions, %s to %s, and one document: durable and searchable within %.0f ms",
                messages.size(),
                messages.stream().map(Message::session).distinct().count(),
                day(messages.getFirst()),
                day(messages.getLast()),
                stored);
        out().flush();
        long passages = cube.describe().pendingVectors();
        long embedding = System.nanoTime();
        boolean done = VectorProgress.await(cube, err(), Duration.ofMinutes(5));
        screen.format(
                done
                        ? "%d vectors computed in %.1f s on this machine, without a network"
                        : "%d vectors still missing after %.1f s",
                passages,
                ms(embedding) / 1_000);
    }

    private static String day(Message message) {
        return message.time().map(time -> time.toString().substring(0, 10)).orElse("");
    }

    private int ask(TextOutput screen, MemCube cube) throws IOException {
        section(screen, "2. Ask");
        int right = 0;
        List<Question> questions = questions();
        for (Question question : questions) {
            SearchResult result = search(cube, question);
            List<SearchHit> top =
                    result.hits().subList(0, Math.min(CHECKED, result.hits().size()));
            boolean found = top.stream().anyMatch(hit -> contains(hit, question.expected));
            right += found ? 1 : 0;
            screen.line((found ? "✓ " : "✗ ") + TextOutput.bold(question.text));
            for (SearchHit hit : top.subList(0, Math.min(SHOWN, top.size()))) {
                screen.line(TextOutput.dim(
                        String.format(Locale.ROOT, "    %.2f  ", hit.score()) + ItemFormatter.heading(hit.item())));
                screen.wrapped(ItemFormatter.shorten(hit.excerpt(), EXCERPT), "          ");
            }
        }
        screen.line("");
        screen.format(
                "%d of %d answers are in the first %d results; median search time %.1f ms",
                right, questions.size(), CHECKED, median());
        return right;
    }

    private SearchResult search(MemCube cube, Question question) {
        long start = System.nanoTime();
        SearchResult result = cube.search(SearchRequest.of(question.text).at(question.time));
        searchMs.add(ms(start));
        return result;
    }

    private static boolean contains(SearchHit hit, String expected) {
        return hit.item().text().toLowerCase(Locale.ROOT).contains(expected.toLowerCase(Locale.ROOT));
    }

    private void erase(TextOutput screen, MemCube cube, Path scratch) throws IOException {
        section(screen, "3. Erase");
        int before = filesWith(scratch, SECRET);
        long start = System.nanoTime();
        int erased = cube.delete(Selection.session(SECRET_SESSION)).count();
        cube.compact();
        screen.format("session %s: %d items erased in %.0f ms", SECRET_SESSION, erased, ms(start));
        boolean found = cube.search(SECRET).hits().stream().anyMatch(hit -> contains(hit, SECRET));
        boolean listed = cube.list(ListRequest.first().limit(1_000)).items().stream()
                .anyMatch(item -> item.text().contains(SECRET));
        int after = filesWith(scratch, SECRET);
        screen.format(
                "\"%s\" afterwards: %s by search, %s in the list, in %d files on disk (before: %d)",
                SECRET, found ? "FOUND" : "not found", listed ? "STILL" : "not", after, before);
        if (found || listed || after > 0) {
            throw new IllegalStateException("The erased text is still there.");
        }
    }

    private void reopen(TextOutput screen, Path scratch) throws IOException {
        section(screen, "4. Restart");
        long start = System.nanoTime();
        try (MemOs memos = MemOs.open(config(scratch))) {
            MemCube cube = memos.cube(CUBE);
            double opened = ms(start);
            Question question = questions().getFirst();
            SearchHit hit = cube.search(SearchRequest.of(question.text).at(question.time))
                    .hits()
                    .getFirst();
            screen.format(
                    "closed and reopened in %.0f ms: %d items, %d vectors to compute",
                    opened, cube.describe().itemCount(), cube.describe().pendingVectors());
            screen.line(TextOutput.bold(question.text));
            screen.wrapped(ItemFormatter.shorten(hit.excerpt(), EXCERPT), "          ");
        }
        screen.line("");
        screen.line("Try it yourself:");
        screen.line("  ./memos4j add --cube me \"I take my coffee black\"");
        screen.line("  ./memos4j search --cube me coffee");
    }

    private static void section(TextOutput screen, String title) {
        screen.line("");
        screen.line(TextOutput.bold(title));
    }

    private static double ms(long start) {
        return (System.nanoTime() - start) / 1e6;
    }

    private double median() {
        double[] sorted =
                searchMs.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    /** Counts the files of a directory whose bytes contain the text. */
    private static int filesWith(Path directory, String text) throws IOException {
        byte[] wanted = text.getBytes(StandardCharsets.UTF_8);
        byte[] lower = text.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
        try (Stream<Path> files = Files.walk(directory)) {
            int found = 0;
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                byte[] content = Files.readAllBytes(file);
                found += holds(content, wanted) || holds(content, lower) ? 1 : 0;
            }
            return found;
        }
    }

    private static boolean holds(byte[] content, byte[] wanted) {
        for (int i = 0; i + wanted.length <= content.length; i++) {
            if (content[i] == wanted[0] && Arrays.equals(content, i, i + wanted.length, wanted, 0, wanted.length)) {
                return true;
            }
        }
        return false;
    }

    private static List<Message> conversation() throws IOException {
        Path file = Files.createTempFile("memos4j-demo", ".jsonl");
        try {
            Files.write(file, resource("conversation.jsonl"));
            List<Message> messages = new ArrayList<>();
            ChatLogReader.read(file, line -> {
                line.problem().ifPresent(problem -> {
                    throw MemoryException.invalid("conversation.jsonl:" + line.number() + ": " + problem);
                });
                messages.addAll(line.messages());
            });
            return messages;
        } finally {
            Files.delete(file);
        }
    }

    private static List<Question> questions() throws IOException {
        JsonMapper mapper = new JsonMapper();
        List<Question> questions = new ArrayList<>();
        for (String line : new String(resource("questions.jsonl"), StandardCharsets.UTF_8)
                .lines()
                .toList()) {
            JsonNode node = mapper.readTree(line);
            questions.add(new Question(
                    node.path("question").asString(),
                    Instant.parse(node.path("time").asString()),
                    node.path("expect").asString(),
                    node.path("session").asString()));
        }
        return questions;
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream stream =
                Objects.requireNonNull(DemoCommand.class.getResourceAsStream(RESOURCES + name), "resource " + name)) {
            return stream.readAllBytes();
        }
    }
}
