package io.memos4j.core.search;

import io.memos4j.api.ItemId;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Role;
import io.memos4j.core.language.AnswerDetector;
import io.memos4j.core.language.QuestionDetector;
import io.memos4j.spi.items.SessionNeighbors;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Boosts the turns of a conversation by their neighbors: a turn inherits a share of the scores of the turns directly
 * before and after it.
 *
 * <p>A person's answer often shares no word with the question, so it inherits more from the question before it, and the
 * question, which holds no information, loses a part of its own score. An assistant's reply inherits less: the memory
 * is in what the person asked, and the reply is long and repeats those words.
 */
final class NeighborBoost {
    /** The share that a turn inherits from a neighbor. */
    private static final double NEIGHBOR = 0.2;

    /** The share that a person's answer inherits from the question before it. */
    private static final double ANSWER = 0.5;

    /** The share that a short answer inherits from its question: it means nothing else. */
    private static final double SHORT_ANSWER = 0.9;

    /** The share that an assistant's reply inherits from what it replies to. */
    private static final double REPLY = 0.1;

    /** The share of its score that a question to a person keeps. */
    private static final double QUESTION = 0.7;

    static final Set<String> ASSISTANTS = Set.of("", "assistant", "ai", "bot", "chatbot", "agent", "system", "model");

    private final Map<ItemId, SessionNeighbors> neighbors;
    private final Map<ItemId, MemoryItem> items;

    /**
     * @param neighbors the turns directly before and after each item in its session
     * @param items all candidates and their neighbors
     */
    NeighborBoost(Map<ItemId, SessionNeighbors> neighbors, Map<ItemId, MemoryItem> items) {
        this.neighbors = neighbors;
        this.items = items;
    }

    /**
     * The scores after inheritance.
     *
     * @param scores the scores before inheritance
     * @param admitNew whether neighbors without a score of their own may join
     */
    Map<ItemId, Double> inherit(Map<ItemId, Double> scores, boolean admitNew) {
        Map<ItemId, Double> result = new HashMap<>(scores);
        scores.forEach((id, score) -> {
            SessionNeighbors around = neighbors.getOrDefault(id, SessionNeighbors.NONE);
            around.before()
                    .filter(before -> admitNew || scores.containsKey(before))
                    .ifPresent(before -> result.merge(before, NEIGHBOR * score, Double::sum));
            around.after()
                    .filter(after -> admitNew || scores.containsKey(after))
                    .ifPresent(after -> result.merge(after, shareForNext(id, after) * score, Double::sum));
        });
        result.replaceAll((id, score) -> isQuestionToPerson(id) ? QUESTION * score : score);
        return result;
    }

    /** The share that the next turn inherits. */
    private double shareForNext(ItemId turn, ItemId next) {
        if (!isPerson(next)) {
            return REPLY;
        }
        if (!isQuestion(turn)) {
            return NEIGHBOR;
        }
        MemoryItem question = items.get(turn);
        MemoryItem answer = items.get(next);
        return question != null && answer != null && isShortAnswer(question, answer) ? SHORT_ANSWER : ANSWER;
    }

    /** Tells whether a turn answers the question of another speaker before it, and means nothing without it. */
    static boolean isShortAnswer(MemoryItem question, MemoryItem answer) {
        return question.type() == ItemType.MESSAGE
                && answer.type() == ItemType.MESSAGE
                && !(question.origin().role() == answer.origin().role()
                        && question.origin().speaker().equals(answer.origin().speaker()))
                && QuestionDetector.isQuestion(question.text())
                && AnswerDetector.isShortAnswer(answer.text());
    }

    private boolean isQuestionToPerson(ItemId id) {
        return isPerson(id)
                && isQuestion(id)
                && neighbors
                        .getOrDefault(id, SessionNeighbors.NONE)
                        .after()
                        .filter(this::isPerson)
                        .isPresent();
    }

    private boolean isQuestion(ItemId id) {
        MemoryItem item = items.get(id);
        return item != null && item.type() == ItemType.MESSAGE && QuestionDetector.asks(item.text());
    }

    private boolean isPerson(ItemId id) {
        MemoryItem item = items.get(id);
        return item != null && isPerson(item);
    }

    /** Tells whether a person said an item: a user, or a named speaker in the assistant's role. */
    static boolean isPerson(MemoryItem item) {
        return item.origin().role() == Role.USER
                || item.origin().role() == Role.ASSISTANT
                        && !ASSISTANTS.contains(item.origin().speaker().toLowerCase(Locale.ROOT));
    }
}
