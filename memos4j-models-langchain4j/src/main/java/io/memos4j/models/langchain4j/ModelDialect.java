package io.memos4j.models.langchain4j;

import java.util.regex.Pattern;

/**
 * The optional parts of a request that a model accepts; providers reject the others with status 400.
 *
 * @param temperature whether a temperature may be given
 * @param completionTokens whether the length limit is OpenAI's {@code max_completion_tokens} instead of
 *     {@code max_tokens}
 * @param schema which schemas may be sent
 */
record ModelDialect(boolean temperature, boolean completionTokens, Schemas schema) {
    /** OpenAI's reasoning models have one temperature only, and count the reasoning as completion. */
    private static final Pattern REASONS = Pattern.compile("(openai/)?(o[1-9]|gpt-[5-9]).*");
    /** The Claude models that accept a temperature: Opus 4.7 removed it. */
    private static final Pattern TAKES_TEMPERATURE =
            Pattern.compile("claude-(2|3|instant).*|claude-(opus|sonnet|haiku)-4(-[0-6])?(-\\d{8}|-latest)?");
    /** The Claude models without structured outputs: those before Opus 4.1 and Sonnet 4.5. */
    private static final Pattern NO_SCHEMA =
            Pattern.compile("claude-(2|3|instant).*|claude-(opus|sonnet)-4(-0)?(-\\d{8}|-latest)?");

    enum Schemas {
        NONE,
        /** Only schemas that the structured outputs of every provider accept. */
        STRICT,
        ANY
    }

    static ModelDialect openAi(String model) {
        boolean reasons = REASONS.matcher(model).matches();
        return new ModelDialect(!reasons, reasons, Schemas.ANY);
    }

    static ModelDialect anthropic(String model) {
        boolean temperature =
                !model.startsWith("claude-") || TAKES_TEMPERATURE.matcher(model).matches();
        return new ModelDialect(temperature, false, NO_SCHEMA.matcher(model).matches() ? Schemas.NONE : Schemas.STRICT);
    }
}
