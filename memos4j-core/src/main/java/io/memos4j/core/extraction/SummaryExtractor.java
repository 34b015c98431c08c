package io.memos4j.core.extraction;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.spi.models.LanguageModel;
import io.memos4j.spi.models.LanguageModel.Completion;
import io.memos4j.spi.models.LanguageModel.Prompt;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Brings the summary of a session up to date with one call of a model: it is given the former summary and the messages
 * since. The model is not trusted: a sentence counts only if the messages that it cites, or the former summary, carry
 * it. Stores nothing. Thread-safe.
 */
public final class SummaryExtractor {
    /** The version of the prompts; raised with every change of them. */
    public static final String PROMPT_VERSION = "summary-1";

    private static final String ENGLISH = ExtractionPrompts.resource("summarise-en.txt");
    private static final String CHINESE = ExtractionPrompts.resource("summarise-zh.txt");
    private static final String SCHEMA = ExtractionPrompts.resource("summary-schema.json");

    private static final int SENTENCES = 8;
    private static final int LONGEST = 400;
    private static final int CHARS_PER_TOKEN = 3;

    private final LanguageModel model;
    private final ExtractionLimits limits;
    private final Consumer<ModelUsage> meter;

    /**
     * @param meter told of every call of the model right after it, also of one that failed; called on the reading
     *     thread
     */
    public SummaryExtractor(LanguageModel model, ExtractionLimits limits, Consumer<ModelUsage> meter) {
        this.model = model;
        this.limits = limits;
        this.meter = meter;
    }

    /**
     * A sentence that its sources carry.
     *
     * @param messages the messages that it rests on
     * @param kept whether it rests on the former summary
     */
    public record Sentence(String text, List<MemoryItem> messages, boolean kept) {
        public Sentence {
            messages = List.copyOf(messages);
        }
    }

    /**
     * A summary.
     *
     * @param gist one line; empty if what the model wrote is not carried by the messages
     * @param prompt the name, version and a short hash of the instructions
     */
    public record Summary(String gist, List<Sentence> sentences, String prompt) {
        public Summary {
            sentences = List.copyOf(sentences);
        }
    }

    /**
     * Reads a session on.
     *
     * @param window the new messages, and the former summary as what is known
     * @throws MemoryException {@link ErrorCode#MODEL_FAILED} if the answer is of no use; {@link ErrorCode#TOO_LARGE} if
     *     the messages are too many to be shown; and whatever the model throws
     */
    public Summary summarize(MessageWindow window) {
        WindowPrompt page = WindowPrompt.of(window, limits.inputChars());
        String system = page.inChinese() ? CHINESE : ENGLISH;
        Completion completion = ask(system, page.text());
        JsonNode answer = parsed(completion.text());
        List<Sentence> sentences = new ArrayList<>();
        for (JsonNode node : answer.path("sentences")) {
            if (sentences.size() < SENTENCES) {
                sentence(window, page, node).ifPresent(sentences::add);
            }
        }
        if (sentences.isEmpty()) {
            throw failed("none of its sentences is carried by the messages");
        }
        String name = page.inChinese() ? "summarise-zh" : "summarise-en";
        return new Summary(
                gist(window, page, answer.path("gist").asString("")),
                sentences,
                name + " " + PROMPT_VERSION + " " + String.format("%08x", system.hashCode()));
    }

    private static Optional<Sentence> sentence(MessageWindow window, WindowPrompt page, JsonNode node) {
        String text = oneLine(node.path("text").asString(""));
        List<MemoryItem> messages = new ArrayList<>();
        List<MemoryItem> known = new ArrayList<>();
        for (JsonNode number : node.path("sources")) {
            Optional.ofNullable(page.messages().get(number.asInt(0))).ifPresent(messages::add);
            Optional.ofNullable(page.known().get(number.asInt(0))).ifPresent(known::add);
        }
        List<MemoryItem> sources = new ArrayList<>(messages);
        sources.addAll(known);
        return carried(window, page, text, sources)
                ? Optional.of(new Sentence(text, messages, !known.isEmpty()))
                : Optional.empty();
    }

    private static String gist(MessageWindow window, WindowPrompt page, String gist) {
        List<MemoryItem> all = new ArrayList<>(page.messages().values());
        all.addAll(page.known().values());
        String line = oneLine(gist);
        return carried(window, page, line, all) ? line : "";
    }

    private static boolean carried(MessageWindow window, WindowPrompt page, String text, List<MemoryItem> sources) {
        if (text.isEmpty()
                || text.length() > LONGEST
                || sources.isEmpty()
                || PromptInjectionFilter.findIn(text).isPresent()) {
            return false;
        }
        try {
            new SourceCitations(window, page).requireSupport(text, sources, List.of());
            return true;
        } catch (ProposalRefusedException refused) {
            return false;
        }
    }

    private static String oneLine(String text) {
        return PromptDelimiters.strip(text).replaceAll("\\s+", " ").strip();
    }

    private JsonNode parsed(String text) {
        try {
            JsonNode answer = ExtractionAnswerParser.JSON.readTree(ExtractionAnswerParser.extractJson(text));
            if (answer != null && answer.isObject() && answer.path("sentences").isArray()) {
                return answer;
            }
        } catch (JacksonException e) {
            throw failed("its answer is not valid JSON: " + e.getOriginalMessage());
        }
        throw failed("its answer has no list of sentences");
    }

    private MemoryException failed(String why) {
        return new MemoryException(
                ErrorCode.MODEL_FAILED,
                "Model " + model.id() + " gave no usable summary: " + why
                        + ". Try again later, or use a model that keeps to a JSON schema.");
    }

    private Completion ask(String system, String user) {
        int estimate = tokens(system.length() + user.length() + SCHEMA.length());
        int input = estimate;
        int output = 0;
        boolean answered = false;
        try {
            Completion completion =
                    model.complete(new Prompt(system, user, SCHEMA, limits.maxOutputTokens(), limits.timeout()));
            answered = true;
            input = completion.inputTokens() > 0 ? completion.inputTokens() : estimate;
            output = completion.outputTokens() > 0
                    ? completion.outputTokens()
                    : tokens(completion.text().length());
            return completion;
        } finally {
            meter.accept(new ModelUsage(input, output, answered));
        }
    }

    private static int tokens(int chars) {
        return (chars + CHARS_PER_TOKEN - 1) / CHARS_PER_TOKEN;
    }
}
