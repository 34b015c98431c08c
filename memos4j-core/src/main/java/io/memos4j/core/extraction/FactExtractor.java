package io.memos4j.core.extraction;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.core.extraction.ExtractionAnswerParser.Outcome;
import io.memos4j.spi.models.LanguageModel;
import io.memos4j.spi.models.LanguageModel.Completion;
import io.memos4j.spi.models.LanguageModel.Prompt;
import java.util.List;
import java.util.function.Consumer;

/**
 * MemReader with a model: reads a window of messages with one call, and proposes what to remember. Stores nothing;
 * somebody else applies the proposals. Thread-safe.
 *
 * <p>The model is not trusted. Its answer must have the demanded shape; one call is made to repair it. Then each
 * proposal must be carried by the messages that it cites, and only the user may instruct: a message is data, and so is
 * what the model made of it.
 */
public final class FactExtractor {
    /** The version of the prompts, kept as the origin of what was extracted; raised with every change of them. */
    public static final String PROMPT_VERSION = "fine-1";

    private static final int CHARS_PER_TOKEN = 3;

    private final LanguageModel model;
    private final ExtractionLimits limits;
    private final Consumer<ModelUsage> meter;
    private final ExtractionPrompts prompts;

    /** A reader that counts its calls in what it returns only. */
    public FactExtractor(LanguageModel model, ExtractionLimits limits) {
        this(model, limits, usage -> {});
    }

    /**
     * A reader whose calls are all counted.
     *
     * @param meter told of every call of the model right after it, also of one that failed; called on the reading
     *     thread
     */
    public FactExtractor(LanguageModel model, ExtractionLimits limits, Consumer<ModelUsage> meter) {
        this.model = model;
        this.limits = limits;
        this.meter = meter;
        this.prompts = new ExtractionPrompts(limits.proposals());
    }

    /** With which instructions a window is read: the name of their resource, their version and a short hash. */
    public static String promptOf(MessageWindow window) {
        return ExtractionPrompts.identity(WindowPrompt.isMostlyChinese(window.messages()));
    }

    /**
     * Reads one window.
     *
     * @throws MemoryException {@link ErrorCode#MODEL_FAILED} if the answer is of no use, nor the repaired one;
     *     {@link ErrorCode#TOO_LARGE} if the window has more messages than {@link ExtractionLimits#inputChars()} can
     *     show; and whatever the model throws. The window is unharmed and can be read again.
     */
    public WindowExtraction extract(MessageWindow window) {
        return new Reading(window).extraction();
    }

    /** The reading of one window. */
    private final class Reading {
        private final MessageWindow window;
        private final WindowPrompt page;
        private int calls;
        private int inputTokens;
        private int outputTokens;

        Reading(MessageWindow window) {
            this.window = window;
            this.page = WindowPrompt.of(window, limits.inputChars());
        }

        WindowExtraction extraction() {
            Outcome.Parsed good = answer();
            ProposalValidator review = new ProposalValidator(window, page, limits.proposals());
            review.validate(good.answer());
            if (good.cut()) {
                review.noteTruncation();
            }
            return new WindowExtraction(review.proposals(), review.refusals(), calls, inputTokens, outputTokens);
        }

        private Outcome.Parsed answer() {
            Completion first = ask(page.text());
            return switch (ExtractionAnswerParser.parse(first.text(), first.cut())) {
                case Outcome.Parsed good -> good;
                case Outcome.Malformed broken -> repaired(first, broken.errors());
            };
        }

        private Outcome.Parsed repaired(Completion former, List<String> errors) {
            Completion second = ask(ExtractionPrompts.repairPrompt(page.text(), former.text(), errors));
            return switch (ExtractionAnswerParser.parse(second.text(), second.cut())) {
                case Outcome.Parsed good -> good;
                case Outcome.Malformed broken ->
                    throw new MemoryException(
                            ErrorCode.MODEL_FAILED,
                            "Model " + model.id() + " gave no usable extraction of "
                                    + window.messages().size()
                                    + " messages, nor after a repair: "
                                    + broken.errors().getFirst()
                                    + ". Try again later, or use a model that keeps to a JSON schema.");
            };
        }

        private Completion ask(String user) {
            String system = prompts.systemPrompt(page.inChinese());
            Prompt prompt =
                    new Prompt(system, user, ExtractionPrompts.SCHEMA, limits.maxOutputTokens(), limits.timeout());
            int estimate = tokens(system.length() + user.length() + ExtractionPrompts.SCHEMA.length());
            boolean answered = false;
            int input = estimate;
            int output = 0;
            try {
                Completion completion = model.complete(prompt);
                answered = true;
                input = completion.inputTokens() > 0 ? completion.inputTokens() : estimate;
                output = completion.outputTokens() > 0
                        ? completion.outputTokens()
                        : tokens(completion.text().length());
                return completion;
            } finally {
                calls++;
                inputTokens += input;
                outputTokens += output;
                meter.accept(new ModelUsage(input, output, answered));
            }
        }

        private static int tokens(int chars) {
            return (chars + CHARS_PER_TOKEN - 1) / CHARS_PER_TOKEN;
        }
    }
}
