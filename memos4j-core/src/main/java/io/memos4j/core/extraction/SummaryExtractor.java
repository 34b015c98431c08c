package io.memos4j.core.extraction;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.core.language.TextNormalizer;
import io.memos4j.core.prompt.PromptResource;
import io.memos4j.spi.models.LanguageModel;
import io.memos4j.spi.models.LanguageModel.Completion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * Updates the summary of a session with one call of a model, which reads the former summary and the messages since. The
 * model is not trusted: a sentence counts only if the messages that it cites, or the former summary, support it. Stores
 * nothing. Thread-safe.
 */
public final class SummaryExtractor {
    /** The version of the prompts; raised with every change of them. */
    public static final String PROMPT_VERSION = "summary-1";

    private static final String PROMPT = "summarize.txt";
    private static final String SCHEMA = PromptResource.read(SummaryExtractor.class, "summary-schema.json");

    private static final int SENTENCES = 8;
    private static final int LONGEST = 400;

    private final MeteredModel model;
    private final ExtractionLimits limits;

    /** @param meter receives every call of the model right after it, also a failed one; called on the reading thread */
    public SummaryExtractor(LanguageModel model, ExtractionLimits limits, Consumer<ModelUsage> meter) {
        this.model = new MeteredModel(model, limits, meter);
        this.limits = limits;
    }

    /**
     * A sentence that its sources support.
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
     * @param gist one line; empty if the messages do not support what the model wrote
     * @param prompt the name, version and a short hash of the instructions
     */
    public record Summary(String gist, List<Sentence> sentences, String prompt) {
        public Summary {
            sentences = List.copyOf(sentences);
        }
    }

    /**
     * Summarizes a session further.
     *
     * @param window the new messages, and the former summary as known memories
     * @throws MemoryException {@link ErrorCode#MODEL_FAILED} if the answer is of no use; {@link ErrorCode#TOO_LARGE} if
     *     there are too many messages to show; and whatever the model throws
     */
    public Summary summarize(MessageWindow window) {
        WindowPrompt page = WindowPrompt.of(window, limits.inputChars());
        String system = ExtractionPrompts.text(page.language(), PROMPT);
        Completion completion = model.complete(system, page.text(), SCHEMA);
        JsonNode answer = ExtractionAnswerParser.readObject(completion.text(), "sentences", this::failed);
        List<Sentence> sentences = new ArrayList<>();
        for (JsonNode node : answer.path("sentences")) {
            if (sentences.size() < SENTENCES) {
                sentence(window, page, node).ifPresent(sentences::add);
            }
        }
        if (sentences.isEmpty()) {
            throw failed("none of its sentences is carried by the messages");
        }
        return new Summary(
                gist(window, page, answer.path("gist").asString("")),
                sentences,
                ExtractionPrompts.identity("summarise", page.language(), PROMPT, PROMPT_VERSION));
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
            new SourceCitations(window, page).requireMention(text, sources);
            return true;
        } catch (ProposalRefusedException refused) {
            return false;
        }
    }

    private static String oneLine(String text) {
        return TextNormalizer.singleLine(PromptDelimiters.strip(text));
    }

    private MemoryException failed(String why) {
        return new MemoryException(
                ErrorCode.MODEL_FAILED,
                "Model " + model.id() + " gave no usable summary: " + why
                        + ". Try again later, or use a model that keeps to a JSON schema.");
    }
}
