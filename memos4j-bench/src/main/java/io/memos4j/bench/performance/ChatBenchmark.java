package io.memos4j.bench.performance;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.chat.ChatReply;
import io.memos4j.api.chat.ChatRequest;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.Message;
import io.memos4j.api.items.Note;
import io.memos4j.api.search.SearchRequest;
import io.memos4j.core.ChatConfig;
import io.memos4j.core.ChatConfig.CacheQuota;
import io.memos4j.core.MemOs;
import io.memos4j.core.MemOsConfig;
import io.memos4j.spi.ChatTurn;
import io.memos4j.spi.runtime.ActivationOptions;
import io.memos4j.spi.runtime.ActivationRuntime;
import io.memos4j.testkit.gguf.RandomLlama;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Measures the share of prompt tokens served from the cache in a conversation of 50 turns with changing memories,
 * beside the naive prompt order, which puts recalled memories into the system message.
 *
 * <p>The memories are those of the demo, and its last messages are the questions. The naive order gets an ideal cache:
 * it need not compute the longest prefix that a prompt shares with any earlier one.
 */
final class ChatBenchmark {
    private static final String DEMO = "/io/memos4j/cli/demo/conversation.jsonl";
    private static final int TURNS = 50;
    private static final int CONTEXT = 16_384;
    private static final int MEMORY = 128;
    private static final int ANSWER = 32;
    private static final int LONGEST = 120;
    private static final int COMPARED_EVERY = 10;
    private static final double BUDGET = 70;
    private static final Duration TIMEOUT = Duration.ofMinutes(10);

    private final ActivationRuntime runtime;
    private final MemCube cube;
    private final List<Message> said = new ArrayList<>();
    private final List<int[]> naive = new ArrayList<>();
    private final LatencySamples reused = new LatencySamples();
    private final LatencySamples anew = new LatencySamples();
    private long tokens;
    private long cached;
    private long naiveTokens;
    private long naiveCached;

    private ChatBenchmark(ActivationRuntime runtime, MemCube cube) {
        this.runtime = runtime;
        this.cube = cube;
    }

    static List<BenchmarkFigure> run() {
        try (ScratchDirectory workspace = new ScratchDirectory()) {
            Path model = workspace.folder("model").resolve("tiny.gguf");
            RandomLlama.tiny(1)
                    .contextLength(CONTEXT)
                    .template(RandomLlama.CHATML)
                    .write(model);
            ActivationRuntime runtime =
                    KvCacheBenchmark.provider().open(ActivationOptions.of(model).contextTokens(CONTEXT));
            MemOsConfig config = MemOsConfig.at(workspace.folder("data"))
                    .withChat(new ChatConfig.LocalModel(runtime, CacheQuota.DEFAULT));
            try (MemOs memos = MemOs.open(config)) {
                return new ChatBenchmark(runtime, memos.cube("demo")).figures();
            }
        } catch (IOException e) {
            throw new MemoryException(ErrorCode.STORAGE_FAILED, "Cannot prepare the conversation: " + e, e);
        }
    }

    private List<BenchmarkFigure> figures() throws IOException {
        List<String> messages = messages();
        cube.add(Note.of("Maya Ferreira is a data engineer at Porto Azul Logistics.")
                .as(ItemType.PROFILE));
        cube.add(Note.of("Answer in short sentences.").as(ItemType.INSTRUCTION));
        cube.add(messages.subList(0, messages.size() - TURNS).stream()
                .map(Note::of)
                .toList());
        cube.awaitIdle(TIMEOUT);
        for (String question : messages.subList(messages.size() - TURNS, messages.size())) {
            ask(question);
        }
        long computed = runtime.statistics().prefilled();
        return List.of(
                BenchmarkFigure.atLeast("50 turns: prompt tokens from the cache", 100.0 * cached / tokens, "%", BUDGET),
                BenchmarkFigure.baseline("naive order with an ideal cache", 100.0 * naiveCached / naiveTokens, "%"),
                new BenchmarkFigure("prompt tokens per turn", (double) tokens / TURNS, "", "", true),
                BenchmarkFigure.baseline("naive order", (double) naiveTokens / TURNS, ""),
                new BenchmarkFigure("first token, median", reused.median(), "ms", "", true),
                BenchmarkFigure.baseline("without the cache, median of every tenth turn", anew.median(), "ms"),
                new BenchmarkFigure(
                        "tokens computed in total, with preparation and comparison", computed, "", "", true),
                BenchmarkFigure.baseline("prompt tokens in total", tokens, ""));
    }

    private void ask(String question) {
        said.add(Message.user(question));
        ChatRequest request =
                ChatRequest.of(said).memoryTokens(MEMORY).maxTokens(ANSWER).remember(false);
        if (said.size() % (2 * COMPARED_EVERY) == 2 * COMPARED_EVERY - 1) {
            anew.add(cube.chat(request.reuse(false)).usage().timeToFirstToken().toNanos());
        }
        countNaive(question);
        ChatReply reply = cube.chat(request);
        reused.add(reply.usage().timeToFirstToken().toNanos());
        tokens += reply.usage().promptTokens();
        cached += reply.usage().cachedTokens();
        said.add(Message.assistant(reply.text()));
        // A person reads the answer before the next question.
        cube.awaitIdle(TIMEOUT);
    }

    private void countNaive(String question) {
        String memories =
                cube.search(SearchRequest.of(question).maxTokens(MEMORY)).context();
        List<ChatTurn> turns = new ArrayList<>();
        turns.add(ChatTurn.system("You have a memory of earlier conversations.\n\n" + memories));
        said.forEach(message -> turns.add(new ChatTurn(message.role(), message.text())));
        int[] prompt = runtime.tokenize(turns, true);
        naiveTokens += prompt.length;
        naiveCached += naive.stream()
                .mapToInt(earlier -> common(earlier, prompt))
                .max()
                .orElse(0);
        naive.add(prompt);
    }

    private static int common(int[] one, int[] other) {
        int mismatch = Arrays.mismatch(one, other);
        return mismatch < 0 ? one.length : mismatch;
    }

    private static List<String> messages() throws IOException {
        JsonMapper mapper = new JsonMapper();
        List<String> messages = new ArrayList<>();
        InputStream demo = Objects.requireNonNull(
                ChatBenchmark.class.getResourceAsStream(DEMO), "run it from the command line, which contains the demo");
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(demo, StandardCharsets.UTF_8))) {
            for (String line : reader.lines().toList()) {
                JsonNode node = mapper.readTree(line);
                String text = node.path("text").asString("");
                if (node.path("role").asString("").equals("user")) {
                    messages.add(text.substring(0, Math.min(LONGEST, text.length())));
                }
            }
        }
        return messages;
    }
}
