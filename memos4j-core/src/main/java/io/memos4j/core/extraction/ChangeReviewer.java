package io.memos4j.core.extraction;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.core.clock.ZoneResolver;
import io.memos4j.core.language.ContentWords;
import io.memos4j.core.language.LanguagePack;
import io.memos4j.core.language.TextNormalizer;
import io.memos4j.core.prompt.PromptResource;
import io.memos4j.spi.models.LanguageModel;
import io.memos4j.spi.models.LanguageModel.Completion;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * Asks a language model whether later statements end earlier ones, for several pairs in one call. The model is not
 * trusted: a decision counts only if it is about a pair of the prompt, has a known verdict and quotes the later text
 * literally. Stores nothing. Thread-safe.
 */
public final class ChangeReviewer {
    /** The least confidence of a decision that changes something. */
    static final double LEAST_CONFIDENCE = 0.7;

    private static final String PROMPT = "review.txt";
    private static final String SCHEMA = PromptResource.read(ChangeReviewer.class, "review-schema.json");
    private static final int LONGEST_QUOTE = 300;

    private final MeteredModel model;
    private final ZoneId zone;

    /**
     * @param zone the zone of the dates that the model is shown
     * @param meter receives every call of the model right after it, also a failed one; called on the asking thread
     */
    public ChangeReviewer(LanguageModel model, ZoneId zone, Consumer<ModelUsage> meter) {
        this.model = new MeteredModel(model, ExtractionLimits.DEFAULT, meter);
        this.zone = zone;
    }

    /** Two statements of which the later one may end the earlier one. */
    public record StatementPair(MemoryItem older, MemoryItem newer) {}

    /** An answer about a pair. */
    public enum Verdict {
        /** The newer statement gives the same matter another value. */
        REPLACES,
        /** The newer statement says that the older one no longer holds. */
        ENDS,
        BOTH_HOLD,
        UNCLEAR;

        /** The name in prompts and answers. */
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Optional<Verdict> find(String text) {
            return List.of(values()).stream()
                    .filter(verdict -> verdict.id().equals(text))
                    .findFirst();
        }
    }

    /**
     * A valid decision that the older statement of a pair no longer holds.
     *
     * @param quote the words of the newer text that show it
     * @param confidence 0.7 to 1
     */
    public record ChangeDecision(StatementPair pair, Verdict verdict, String quote, double confidence) {}

    /**
     * The decisions about a list of pairs.
     *
     * @param changes the valid decisions that change something
     * @param refusals the decisions that are not valid, and pairs without a decision
     */
    public record ChangeReview(List<ChangeDecision> changes, List<String> refusals) {
        public ChangeReview {
            changes = List.copyOf(changes);
            refusals = List.copyOf(refusals);
        }
    }

    /** Returns whether a text may be shown to the model: it does not address a model. */
    public static boolean isHarmless(String text) {
        return PromptInjectionFilter.findIn(text).isEmpty();
    }

    /**
     * Reviews pairs with one call.
     *
     * @param pairs at least one; their texts are shown in full
     * @throws MemoryException {@link ErrorCode#MODEL_FAILED} if the answer is of no use, and whatever the model throws
     */
    public ChangeReview review(List<StatementPair> pairs) {
        LanguagePack language =
                WindowPrompt.languageOf(pairs.stream().map(StatementPair::newer).toList());
        Completion completion = model.complete(ExtractionPrompts.text(language, PROMPT), prompt(pairs), SCHEMA);
        JsonNode answer = ExtractionAnswerParser.readObject(completion.text(), "decisions", this::failed);
        return new Validation(pairs).validate(answer.path("decisions"));
    }

    private String prompt(List<StatementPair> pairs) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < pairs.size(); i++) {
            append(text, "older " + (i + 1), pairs.get(i).older());
            append(text, "newer " + (i + 1), pairs.get(i).newer());
        }
        return text.toString();
    }

    private void append(StringBuilder text, String name, MemoryItem item) {
        String date = DateTimeFormatter.ISO_LOCAL_DATE.format(ZoneResolver.dayOf(item, zone));
        String speaker = PromptDelimiters.label(item.origin().speaker());
        text.append(PromptDelimiters.OPEN).append(name).append(" | ").append(date);
        text.append(speaker.isEmpty() ? "" : " | " + speaker)
                .append(PromptDelimiters.CLOSE)
                .append('\n');
        text.append(PromptDelimiters.strip(item.text()).strip()).append('\n');
        text.append(PromptDelimiters.OPEN)
                .append('/')
                .append(name)
                .append(PromptDelimiters.CLOSE)
                .append("\n\n");
    }

    private MemoryException failed(String why) {
        return new MemoryException(
                ErrorCode.MODEL_FAILED,
                "Model " + model.id() + " decided no changes: " + why
                        + ". Try again later, or use a model that keeps to a JSON schema.");
    }

    /** The validation of one answer. */
    private static final class Validation {
        private final List<StatementPair> pairs;
        private final Set<Integer> answered = new HashSet<>();
        private final List<ChangeDecision> changes = new ArrayList<>();
        private final List<String> refusals = new ArrayList<>();

        Validation(List<StatementPair> pairs) {
            this.pairs = pairs;
        }

        ChangeReview validate(JsonNode decisions) {
            for (JsonNode decision : decisions) {
                int number = decision.path("pair").asInt(0);
                Optional<String> refusal =
                        !decision.path("pair").isIntegralNumber() || number < 1 || number > pairs.size()
                                ? Optional.of("there is no such pair")
                                : answered.add(number)
                                        ? take(pairs.get(number - 1), decision)
                                        : Optional.of("it is answered twice");
                refusal.ifPresent(why -> refusals.add("pair " + number + ": " + why));
            }
            if (answered.size() < pairs.size()) {
                refusals.add((pairs.size() - answered.size()) + " pairs without an answer");
            }
            return new ChangeReview(changes, refusals);
        }

        /** Takes a decision; returns why it is refused, if it is. */
        private Optional<String> take(StatementPair pair, JsonNode decision) {
            Optional<Verdict> verdict = Verdict.find(decision.path("verdict").asString(""));
            if (verdict.isEmpty()) {
                return Optional.of("its verdict is unknown");
            }
            if (verdict.get() == Verdict.BOTH_HOLD || verdict.get() == Verdict.UNCLEAR) {
                return Optional.empty();
            }
            String quote = TextNormalizer.singleLine(decision.path("quote").asString(""));
            String said = TextNormalizer.singleLine(
                    PromptDelimiters.strip(pair.newer().text()));
            if (quote.length() > LONGEST_QUOTE || ContentWords.of(quote).isEmpty() || !said.contains(quote)) {
                return Optional.of("its quote is not in the newer text");
            }
            JsonNode confidence = decision.path("confidence");
            if (!confidence.isNumber() || !(confidence.doubleValue() <= 1)) {
                return Optional.of("its confidence is not from 0 to 1");
            }
            if (confidence.doubleValue() >= LEAST_CONFIDENCE) {
                changes.add(new ChangeDecision(pair, verdict.get(), quote, confidence.doubleValue()));
            }
            return Optional.empty();
        }
    }
}
