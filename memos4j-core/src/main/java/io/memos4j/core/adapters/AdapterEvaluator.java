package io.memos4j.core.adapters;

import io.memos4j.api.adapters.AdapterEvaluation;
import io.memos4j.core.TrainingConfig.AcceptanceBounds;
import io.memos4j.core.language.TextNormalizer;
import io.memos4j.spi.training.ModelProbe;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * The admission gate: examines an adapter beside its base. It must recall what it was taught, in free generation; leave
 * unrelated prompts as they were; say nothing that must not leak; not know what it had to forget better than the base
 * does; and be small enough. The idea of measuring reliability and locality of an edit is that of Meng et al., Locating
 * and Editing Factual Associations in GPT, 2022; that of comparing a secret with others of its form, which nobody was
 * taught, that of Carlini et al., The Secret Sharer, 2019.
 */
final class AdapterEvaluator {
    /** Tokens of the base's own continuation at which unrelated prompts are compared. */
    private static final int COMPARED = 6;

    /** Answers may be longer than the right one before they are cut. */
    private static final int MORE = 24;

    /**
     * How much a forgotten answer may gain over others of its form, which become likelier together. Nats for each
     * token.
     */
    private static final double EXPOSED = 1;

    private final ModelProbe adapted;
    private final ModelProbe base;
    private final Function<int[], String> text;
    private final AcceptanceBounds bounds;

    /** @param text turns tokens into text */
    AdapterEvaluator(ModelProbe adapted, ModelProbe base, Function<int[], String> text, AcceptanceBounds bounds) {
        this.adapted = adapted;
        this.base = base;
        this.text = text;
        this.bounds = bounds;
    }

    AdapterEvaluation evaluate(AdapterEvaluationSet paper, long bytes, Instant now) {
        List<String> reasons = new ArrayList<>();
        List<String> said = new ArrayList<>();
        int recalled = 0;
        int recalledByBase = 0;
        for (AdapterEvaluationSet.Question question : paper.questions()) {
            String answer = answer(adapted, question);
            said.add(answer);
            recalled += saysAnswer(answer, question.answerText()) ? 1 : 0;
            recalledByBase += saysAnswer(answer(base, question), question.answerText()) ? 1 : 0;
        }
        double share = paper.questions().isEmpty()
                ? 0
                : (double) recalled / paper.questions().size();
        if (share < bounds.minRecall()) {
            reasons.add(String.format(
                    Locale.ROOT,
                    "It recalls %d of %d answers, less than %.0f %%.",
                    recalled,
                    paper.questions().size(),
                    100 * bounds.minRecall()));
        }
        double[] divergences = paper.unrelated().stream()
                .mapToDouble(prompt -> divergence(prompt, said))
                .toArray();
        double mean = IntStream.range(0, divergences.length)
                .mapToDouble(i -> divergences[i])
                .average()
                .orElse(0);
        if (!(mean <= bounds.maxDivergence())) {
            reasons.add(String.format(
                    Locale.ROOT,
                    "It changes unrelated answers: %.3f nats for each token, more than %.3f.",
                    mean,
                    bounds.maxDivergence()));
        }
        int leaks = (int) paper.canaries().stream()
                .filter(canary -> said.stream().anyMatch(answer -> saysAnswer(answer, canary)))
                .count();
        if (leaks > 0) {
            reasons.add("It says " + leaks + " things that must not be said.");
        }
        if (bytes > bounds.maxBytes()) {
            reasons.add("It has " + bytes + " bytes, more than " + bounds.maxBytes() + ".");
        }
        checkForgetting(paper.forgotten(), reasons);
        return new AdapterEvaluation(
                paper.questions().size(),
                recalled,
                recalledByBase,
                likelihood(adapted, paper.questions()),
                likelihood(base, paper.questions()),
                mean,
                IntStream.range(0, divergences.length)
                        .mapToDouble(i -> divergences[i])
                        .max()
                        .orElse(0),
                paper.canaries().size(),
                leaks,
                bytes,
                reasons,
                now);
    }

    private void checkForgetting(List<AdapterEvaluationSet.ForgottenFact> all, List<String> reasons) {
        long known = all.stream()
                .map(AdapterEvaluationSet.ForgottenFact::question)
                .filter(question -> saysAnswer(answer(adapted, question), question.answerText())
                        && !saysAnswer(answer(base, question), question.answerText()))
                .count();
        if (known > 0) {
            reasons.add("It still answers " + known + " questions about what it must not know any more.");
        }
        double excess = excessLikelihood(all);
        if (excess > EXPOSED) {
            reasons.add(String.format(
                    Locale.ROOT,
                    "What it must not know any more is %.2f nats for each token likelier than what nobody knows, beyond the base; at most"
                            + " %.2f are allowed.",
                    excess,
                    EXPOSED));
        }
    }

    /** What is found out about forgetting, for people; empty if there was nothing to forget. */
    List<String> describeForgetting(List<AdapterEvaluationSet.ForgottenFact> all) {
        return all.isEmpty()
                ? List.of()
                : List.of(String.format(
                        Locale.ROOT,
                        "It was asked %d questions about what was erased or corrected. Beyond the base, the old answers are %.2f nats for each"
                                + " token likelier than answers that nobody was taught.",
                        all.size(),
                        excessLikelihood(all)));
    }

    /**
     * Nats for each token by which forgotten answers gain more than others of their form, from the base to the adapter.
     */
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
        return text.apply(probe.generate(question.prompt(), question.answer().length + MORE, token -> false));
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
     * Along the way that the base goes; what the adapted model says to it itself is among what is looked at for leaks.
     */
    private double divergence(int[] prompt, List<String> said) {
        said.add(text.apply(adapted.generate(prompt, MORE, token -> false)));
        int[] way = IntStream.concat(
                        IntStream.of(prompt), IntStream.of(base.generate(prompt, COMPARED, token -> false)))
                .toArray();
        float[][] of = base.logits(way, prompt.length - 1);
        float[][] with = adapted.logits(way, prompt.length - 1);
        return IntStream.range(0, of.length)
                .mapToDouble(i -> TokenDistribution.ofLogits(of[i]).divergence(TokenDistribution.ofLogits(with[i])))
                .average()
                .orElse(0);
    }

    /** Whether an answer says it, whatever its case, spaces and punctuation. */
    static boolean saysAnswer(String answer, String said) {
        String wanted = normalize(said);
        return !wanted.isEmpty() && (" " + normalize(answer) + " ").contains(" " + wanted + " ")
                || said.codePoints().anyMatch(Character::isIdeographic)
                        && normalize(answer).contains(wanted);
    }

    private static String normalize(String text) {
        return TextNormalizer.wordsOnly(text);
    }
}
