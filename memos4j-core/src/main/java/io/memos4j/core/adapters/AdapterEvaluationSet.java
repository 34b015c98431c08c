package io.memos4j.core.adapters;

import java.util.List;

/**
 * What an adapter is examined with; all prompts as token ids, up to where the answer begins.
 *
 * @param questions about what it was taught
 * @param forgotten about what it must not know any more, each with answers that nobody was ever taught
 * @param unrelated prompts that have nothing to do with it
 * @param canaries what must not be said to any of the prompts
 */
record AdapterEvaluationSet(
        List<Question> questions, List<ForgottenFact> forgotten, List<int[]> unrelated, List<String> canaries) {
    /**
     * A question with its right answer.
     *
     * @param answer its tokens with the one that ends the turn
     * @param said the answer as text
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Question(int[] prompt, int[] answer, String answerText) {}

    /** A question whose answer must not be known, with other answers of the same form. */
    record ForgottenFact(Question question, List<Question> controls) {}
}
