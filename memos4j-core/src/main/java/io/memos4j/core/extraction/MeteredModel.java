package io.memos4j.core.extraction;

import io.memos4j.spi.models.LanguageModel;
import io.memos4j.spi.models.LanguageModel.Completion;
import io.memos4j.spi.models.LanguageModel.Prompt;
import java.util.function.Consumer;

/** A language model whose calls are counted, failed ones included. */
final class MeteredModel {
    private static final int CHARS_PER_TOKEN = 3;

    private final LanguageModel model;
    private final ExtractionLimits limits;
    private final Consumer<ModelUsage> meter;

    MeteredModel(LanguageModel model, ExtractionLimits limits, Consumer<ModelUsage> meter) {
        this.model = model;
        this.limits = limits;
        this.meter = meter;
    }

    String id() {
        return model.id();
    }

    Completion complete(String system, String user, String schema) {
        int estimate = tokens(system.length() + user.length() + schema.length());
        int input = estimate;
        int output = 0;
        try {
            Completion completion =
                    model.complete(new Prompt(system, user, schema, limits.maxOutputTokens(), limits.timeout()));
            input = completion.inputTokens() > 0 ? completion.inputTokens() : estimate;
            output = completion.outputTokens() > 0
                    ? completion.outputTokens()
                    : tokens(completion.text().length());
            return completion;
        } finally {
            meter.accept(new ModelUsage(input, output));
        }
    }

    private static int tokens(int chars) {
        return (chars + CHARS_PER_TOKEN - 1) / CHARS_PER_TOKEN;
    }
}
