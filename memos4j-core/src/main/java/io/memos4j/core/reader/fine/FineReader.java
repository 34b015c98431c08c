package io.memos4j.core.reader.fine;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.core.reader.fine.AnswerReader.Outcome;
import io.memos4j.spi.LanguageModel;
import io.memos4j.spi.LanguageModel.Completion;
import io.memos4j.spi.LanguageModel.Prompt;
import java.util.List;
import java.util.function.Consumer;

/**
 * MemReader with a model: reads a window of messages with one call, and proposes what to remember. Stores nothing; somebody else applies
 * the proposals. Thread-safe.
 *
 * <p>The model is not trusted. Its answer must have the demanded shape; one call is made to repair it. Then each proposal must be carried
 * by the messages that it cites, and only the user may instruct: a message is data, and so is what the model made of it.
 */
public final class FineReader {
    /** The version of the prompts, kept as the origin of what was extracted; raised with every change of them. */
    public static final String PROMPT_VERSION = "fine-1";

    private static final int CHARS_PER_TOKEN = 3;

    private final LanguageModel model;
    private final FineLimits limits;
    private final Consumer<Usage> meter;
    private final Prompts prompts;

    /** A reader that counts its calls in what it returns only. */
    public FineReader(LanguageModel model, FineLimits limits) {
        this(model, limits, usage -> {});
    }

    /**
     * A reader whose calls are all counted.
     *
     * @param meter told of every call of the model right after it, also of one that failed; called on the reading thread
     */
    public FineReader(LanguageModel model, FineLimits limits, Consumer<Usage> meter) {
        this.model = model;
        this.limits = limits;
        this.meter = meter;
        this.prompts = new Prompts(limits.proposals());
    }

    /** With which instructions a window is read: the name of their resource, their version and a short hash. */
    public static String promptOf(Window window) {
        return Prompts.identity(WindowText.chinese(window.messages()));
    }

    /**
     * Reads one window.
     *
     * @throws MemoryException {@link ErrorCode#MODEL_FAILED} if the answer is of no use, nor the repaired one;
     *     {@link ErrorCode#TOO_LARGE} if the window has more messages than {@link FineLimits#inputChars()} can show; and whatever the
     *     model throws. The window is unharmed and can be read again.
     */
    public Extraction read(Window window) {
        return new Reading(window).extraction();
    }

    /** The reading of one window. */
    private final class Reading {
        private final Window window;
        private final WindowText page;
        private int calls;
        private int inputTokens;
        private int outputTokens;

        Reading(Window window) {
            this.window = window;
            this.page = WindowText.of(window, limits.inputChars());
        }

        Extraction extraction() {
            Outcome.Good good = answer();
            Review review = new Review(window, page, limits.proposals());
            review.judge(good.answer());
            if (good.cut()) {
                review.cut();
            }
            return new Extraction(review.proposals(), review.refusals(), calls, inputTokens, outputTokens);
        }

        private Outcome.Good answer() {
            Completion first = ask(page.text());
            return switch (AnswerReader.read(first.text(), first.cut())) {
                case Outcome.Good good -> good;
                case Outcome.Broken broken -> repaired(first, broken.errors());
            };
        }

        private Outcome.Good repaired(Completion former, List<String> errors) {
            Completion second = ask(Prompts.repair(page.text(), former.text(), errors));
            return switch (AnswerReader.read(second.text(), second.cut())) {
                case Outcome.Good good -> good;
                case Outcome.Broken broken ->
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
            String system = prompts.system(page.inChinese());
            Prompt prompt = new Prompt(system, user, Prompts.SCHEMA, limits.maxOutputTokens(), limits.timeout());
            int estimate = tokens(system.length() + user.length() + Prompts.SCHEMA.length());
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
                meter.accept(new Usage(input, output, answered));
            }
        }

        private static int tokens(int chars) {
            return (chars + CHARS_PER_TOKEN - 1) / CHARS_PER_TOKEN;
        }
    }
}
