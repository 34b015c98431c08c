package io.memos4j.core.adapters;

import java.util.List;

/**
 * The prompts to evaluate an adapter with, as token ids up to where the answer begins.
 *
 * @param questions about what it was taught
 * @param forgotten about what it must no longer know, with control answers
 * @param unrelated prompts that have nothing to do with it
 * @param canaries texts that no answer may contain
 */
record AdapterEvaluationSet(
        List<Question> questions, List<ForgottenFact> forgotten, List<int[]> unrelated, List<String> canaries) {
    /**
     * A question with its expected answer.
     *
     * @param answer its tokens and the one that ends the turn
     * @param answerText the answer as text
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Question(int[] prompt, int[] answer, String answerText) {}

    /** A question whose answer must not be known, with control answers of the same form. */
    record ForgottenFact(Question question, List<Question> controls) {}
}
