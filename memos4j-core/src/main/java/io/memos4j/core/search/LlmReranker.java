package io.memos4j.core.search;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.spi.models.LanguageModel;
import io.memos4j.spi.models.LanguageModel.Completion;
import io.memos4j.spi.models.Reranker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reranks by asking a language model for a score of each text, from 0 to 10, all in one call. Thread-safe if the model
 * is.
 *
 * <p>The model sees the first 50 texts, each up to 1,200 characters. Further ones keep their order after these, with
 * scores below 0. A text that the answer leaves out has 0. A call is not repeated. The model belongs to the caller:
 * closing the reranker does not close it.
 */
public final class LlmReranker implements Reranker {
    private static final int MAX_DOCUMENTS = 50;
    private static final double LOWEST = 0;
    private static final double HIGHEST = 10;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final LanguageModel model;

    public LlmReranker(LanguageModel model) {
        this.model = model;
    }

    @Override
    public String id() {
        return "llm:" + model.id();
    }

    /**
     * {@inheritDoc}
     *
     * @throws MemoryException if the model fails; {@link ErrorCode#MODEL_FAILED} if its answer scores none of the texts
     */
    @Override
    public List<Double> score(String query, List<String> texts, Duration timeout) {
        if (texts.isEmpty()) {
            return List.of();
        }
        if (!timeout.isPositive()) {
            throw new MemoryException(ErrorCode.TIMEOUT, "No time is left to ask " + model.id() + " for scores.");
        }
        int asked = Math.min(MAX_DOCUMENTS, texts.size());
        Map<Integer, Double> given =
                readScores(model.complete(new RerankPrompt(query, texts.subList(0, asked)).within(timeout)), asked);
        List<Double> scores = new ArrayList<>(texts.size());
        for (int i = 0; i < texts.size(); i++) {
            scores.add(i < asked ? given.getOrDefault(i + 1, LOWEST) : LOWEST - 1 - (double) i / texts.size());
        }
        return List.copyOf(scores);
    }

    /** The scores by the number of their text; the first one if a text has several. */
    private Map<Integer, Double> readScores(Completion completion, int asked) {
        JsonNode root = parseAnswer(completion);
        Map<Integer, Double> given = new HashMap<>();
        for (JsonNode entry : root.isArray() ? root : root.path("scores")) {
            JsonNode number = entry.path("n");
            JsonNode score = entry.path("score");
            if (number.isIntegralNumber() && number.canConvertToInt() && score.isNumber()) {
                int text = number.asInt();
                double value = score.asDouble(Double.NaN);
                if (text >= 1 && text <= asked && Double.isFinite(value)) {
                    given.putIfAbsent(text, Math.clamp(value, LOWEST, HIGHEST));
                }
            }
        }
        if (given.isEmpty()) {
            throw unusableAnswer("it scores none of " + asked + " texts");
        }
        return given;
    }

    /** Parses the JSON of an answer, which may be fenced or surrounded by prose. */
    private JsonNode parseAnswer(Completion completion) {
        String text = completion.text().strip();
        int from = text.indexOf('{');
        int to = text.lastIndexOf('}');
        try {
            return JSON.readTree(text.startsWith("[") || from < 0 || to < from ? text : text.substring(from, to + 1));
        } catch (JacksonException e) {
            throw unusableAnswer(completion.cut() ? "it was cut" : "it is not JSON");
        }
    }

    private MemoryException unusableAnswer(String what) {
        return new MemoryException(
                ErrorCode.MODEL_FAILED, model.id() + " gave no usable scores: " + what + ". Another try may succeed.");
    }
}
