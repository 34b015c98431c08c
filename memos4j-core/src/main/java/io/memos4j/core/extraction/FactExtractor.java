package io.memos4j.core.extraction;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.core.extraction.ExtractionAnswerParser.Outcome;
import io.memos4j.spi.models.LanguageModel;
import io.memos4j.spi.models.LanguageModel.Completion;
import java.util.List;
import java.util.function.Consumer;

/**
 * Extracts memories from a window of messages with one call of a language model, and proposes what to remember. Stores
 * nothing: applying the proposals is up to the caller. Thread-safe.
 *
 * <p>The model is not trusted. Its answer must have the required shape; one more call is made to repair it. Then each
 * proposal must be supported by the messages that it cites, and only the user may instruct: a message is data, and so
 * is what the model made of it.
 */
public final class FactExtractor {
    /** The version of the prompts, kept as the origin of what was extracted; raised with every change of them. */
    public static final String PROMPT_VERSION = "fine-1";

    private final MeteredModel model;
    private final ExtractionLimits limits;
    private final ExtractionPrompts prompts;

    /** @param meter receives every call of the model right after it, also a failed one; called on the reading thread */
    public FactExtractor(LanguageModel model, ExtractionLimits limits, Consumer<ModelUsage> meter) {
        this.model = new MeteredModel(model, limits, meter);
        this.limits = limits;
        this.prompts = new ExtractionPrompts(limits.proposals());
    }

    /** The identity of the instructions that a window is read with: name, version and a short hash. */
    public static String promptOf(MessageWindow window) {
        return ExtractionPrompts.identity(WindowPrompt.languageOf(window.messages()));
    }

    /**
     * Extracts memories from one window.
     *
     * @throws MemoryException {@link ErrorCode#MODEL_FAILED} if neither the answer nor the repaired one is usable;
     *     {@link ErrorCode#TOO_LARGE} if the window has more messages than {@link ExtractionLimits#inputChars()} can
     *     show; and whatever the model throws. The window is unharmed and can be read again.
     */
    public WindowExtraction extract(MessageWindow window) {
        return new Reading(window).extraction();
    }

    /** The extraction from one window. */
    private final class Reading {
        private final MessageWindow window;
        private final WindowPrompt page;

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
            return new WindowExtraction(review.proposals(), review.refusals());
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
            return model.complete(prompts.systemPrompt(page.language()), user, ExtractionPrompts.SCHEMA);
        }
    }
}
