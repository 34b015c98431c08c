package io.memos4j.core.adapters;

import io.memos4j.api.adapters.AdapterEvaluation;
import io.memos4j.core.TrainingConfig.AcceptanceBounds;
import io.memos4j.core.language.TextEquality;
import io.memos4j.core.language.TextNormalizer;
import io.memos4j.spi.training.ModelProbe;
import java.time.Instant;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Evaluates an adapter against its base model and decides whether it is admitted. In free generation it must recall
 * what it was taught; it must leave unrelated prompts unchanged, leak no secrets, not know forgotten answers better
 * than the base does, and be small enough.
 *
 * <p>Measuring reliability and locality of an edit follows Meng et al., "Locating and Editing Factual Associations in
 * GPT" (2022); comparing a secret with untaught texts of the same form follows Carlini et al., "The Secret Sharer"
 * (2019).
 */
final class AdapterEvaluator {
    /** The tokens of the base model's continuation at which unrelated prompts are compared. */
    private static final int COMPARED_TOKENS = 6;

    /** The tokens by which an answer may exceed the expected one before it is cut. */
    private static final int EXTRA_TOKENS = 24;

    /**
     * The most nats per token by which a forgotten answer may become likelier than its controls, which become likelier
     * together.
     */
    private static final double MAX_EXPOSURE = 1;

    private final ModelProbe adapted;
    private final ModelProbe base;
    private final Function<int[], String> decoder;
    private final AcceptanceBounds bounds;

    /** @param decoder decodes tokens */
    AdapterEvaluator(ModelProbe adapted, ModelProbe base, Function<int[], String> decoder, AcceptanceBounds bounds) {
        this.adapted = adapted;
        this.base = base;
        this.decoder = decoder;
        this.bounds = bounds;
    }

    AdapterEvaluation evaluate(AdapterEvaluationSet evaluationSet, long bytes, Instant now) {
        List<String> reasons = new ArrayList<>();
        List<String> answers = new ArrayList<>();
        int total = evaluationSet.questions().size();
        int recalled = 0;
        int recalledByBase = 0;
        for (AdapterEvaluationSet.Question question : evaluationSet.questions()) {
            String answer = answer(adapted, question);
            answers.add(answer);
            recalled += saysAnswer(answer, question.answerText()) ? 1 : 0;
            recalledByBase += saysAnswer(answer(base, question), question.answerText()) ? 1 : 0;
        }
        DoubleSummaryStatistics divergence = evaluationSet.unrelated().stream()
                .mapToDouble(prompt -> divergence(prompt, answers))
                .summaryStatistics();
        double worst = divergence.getCount() == 0 ? 0 : divergence.getMax();
        int leaks = (int) evaluationSet.canaries().stream()
                .filter(canary -> answers.stream().anyMatch(answer -> saysAnswer(answer, canary)))
                .count();
        if ((total == 0 ? 0 : (double) recalled / total) < bounds.minRecall()) {
            reasons.add(
                    text("It recalls %d of %d answers, less than %.0f %%.", recalled, total, 100 * bounds.minRecall()));
        }
        if (!(divergence.getAverage() <= bounds.maxDivergence())) {
            reasons.add(text(
                    "It changes unrelated answers: %.3f nats per token, more than %.3f.",
                    divergence.getAverage(), bounds.maxDivergence()));
        }
        if (leaks > 0) {
            reasons.add("It reveals " + leaks + " secrets.");
        }
        if (bytes > bounds.maxBytes()) {
            reasons.add("It has " + bytes + " bytes, more than " + bounds.maxBytes() + ".");
        }
        checkForgetting(evaluationSet.forgotten(), reasons);
        return new AdapterEvaluation(
                total,
                recalled,
                recalledByBase,
                likelihood(adapted, evaluationSet.questions()),
                likelihood(base, evaluationSet.questions()),
                divergence.getAverage(),
                worst,
                evaluationSet.canaries().size(),
                leaks,
                bytes,
                reasons,
                now);
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    private void checkForgetting(List<AdapterEvaluationSet.ForgottenFact> all, List<String> reasons) {
        long known = all.stream()
                .map(AdapterEvaluationSet.ForgottenFact::question)
                .filter(question -> saysAnswer(answer(adapted, question), question.answerText())
                        && !saysAnswer(answer(base, question), question.answerText()))
                .count();
        if (known > 0) {
            reasons.add("It still answers " + known + " questions about forgotten memories.");
        }
        double excess = excessLikelihood(all);
        if (excess > MAX_EXPOSURE) {
            reasons.add(text(
                    "Forgotten answers are %.2f nats per token likelier than untaught ones, compared with the base"
                            + " model; at most %.2f are allowed.",
                    excess, MAX_EXPOSURE));
        }
    }

    /** Describes the result about forgetting, for people; empty if there was nothing to forget. */
    List<String> describeForgetting(List<AdapterEvaluationSet.ForgottenFact> all) {
        return all.isEmpty()
                ? List.of()
                : List.of(text(
                        "It was asked %d questions about deleted or corrected memories. Compared with the base model,"
                                + " the old answers are %.2f nats per token likelier than untaught ones.",
                        all.size(), excessLikelihood(all)));
    }

    /** Returns the nats per token by which forgotten answers gain more than their controls, from base to adapter. */
    private double excessLikelihood(List<AdapterEvaluationSet.ForgottenFact> all) {
        return all.stream()
                .mapToDouble(each -> advantage(adapted, each) - advantage(base, each))
                .average()
                .orElse(0);
    }

    private static double advantage(ModelProbe probe, AdapterEvaluationSet.ForgottenFact forgotten) {
        return likelihood(probe, forgotten.question()) - likelihood(probe, forgotten.controls());
    }

    private String answer(ModelProbe probe, AdapterEvaluationSet.Question question) {
        int most = question.answer().length + EXTRA_TOKENS;
        return decoder.apply(probe.generate(question.prompt(), most, token -> false));
    }

    private static double likelihood(ModelProbe probe, List<AdapterEvaluationSet.Question> questions) {
        return questions.stream()
                .mapToDouble(question -> likelihood(probe, question))
                .average()
                .orElse(0);
    }

    private static double likelihood(ModelProbe probe, AdapterEvaluationSet.Question question) {
        int[] prompt = question.prompt();
        int[] answer = question.answer();
        int[] all = IntStream.concat(IntStream.of(prompt), IntStream.of(answer).limit(answer.length - 1L))
                .toArray();
        float[][] rows = probe.logits(all, prompt.length - 1);
        return IntStream.range(0, answer.length)
                .mapToDouble(i -> TokenDistribution.ofLogits(rows[i]).logProbability(answer[i]))
                .average()
                .orElse(0);
    }

    /**
     * Returns the mean divergence along the continuation of the base model; adds the adapter's own answer to those
     * checked for leaks.
     */
    private double divergence(int[] prompt, List<String> answers) {
        answers.add(decoder.apply(adapted.generate(prompt, EXTRA_TOKENS, token -> false)));
        int[] path = IntStream.concat(
                        IntStream.of(prompt), IntStream.of(base.generate(prompt, COMPARED_TOKENS, token -> false)))
                .toArray();
        float[][] of = base.logits(path, prompt.length - 1);
        float[][] with = adapted.logits(path, prompt.length - 1);
        return IntStream.range(0, of.length)
                .mapToDouble(i -> TokenDistribution.ofLogits(of[i]).divergence(TokenDistribution.ofLogits(with[i])))
                .average()
                .orElse(0);
    }

    /**
     * Returns whether an answer contains a text, ignoring case, spaces and punctuation; but its numbers with their
     * signs, its symbols and its identifiers must be the same.
     */
    static boolean saysAnswer(String answer, String said) {
        String wanted = normalize(said);
        if (!exactParts(answer).containsAll(exactParts(said))) {
            return false;
        }
        return !wanted.isEmpty() && (" " + normalize(answer) + " ").contains(" " + wanted + " ")
                || said.codePoints().anyMatch(Character::isIdeographic)
                        && normalize(answer).contains(wanted);
    }

    private static Set<String> exactParts(String text) {
        return TextEquality.exactParts(text.toLowerCase(Locale.ROOT));
    }

    private static String normalize(String text) {
        return TextNormalizer.wordsOnly(text);
    }
}
