package io.memos4j.core.search;

import io.memos4j.api.ItemId;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Role;
import io.memos4j.core.language.QuestionDetector;
import io.memos4j.spi.items.SessionNeighbors;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Lets the turns of a conversation explain each other: a turn inherits a share of the scores of the turns directly
 * before and after it.
 *
 * <p>What a person answers often shares no word with the question; so an answer inherits more from the question that it
 * follows, and the question, which tells nothing, loses a part of its own score. An assistant's reply is another
 * matter: the memory is in what the person asked, and the reply, which is long and repeats its words, inherits less.
 */
final class NeighborBoost {
    /** The share that a turn inherits from a neighbour. */
    private static final double NEIGHBOUR = 0.2;

    /** The share that a person's answer inherits from the question before it. */
    private static final double ANSWER = 0.5;

    /** The share that an assistant's reply inherits from what it replies to. */
    private static final double REPLY = 0.1;

    /** What a question to a person keeps of its score. */
    private static final double ASKING = 0.7;

    static final Set<String> ASSISTANTS = Set.of("", "assistant", "ai", "bot", "chatbot", "agent", "system", "model");

    private final Map<ItemId, SessionNeighbors> neighbours;
    private final Map<ItemId, MemoryItem> items;

    /**
     * @param neighbours for an item, those directly before and after it in its session
     * @param items everything that takes part
     */
    NeighborBoost(Map<ItemId, SessionNeighbors> neighbours, Map<ItemId, MemoryItem> items) {
        this.neighbours = neighbours;
        this.items = items;
    }

    /**
     * The scores after inheritance.
     *
     * @param scores before
     * @param admitNew whether neighbours without a score of their own may join
     */
    Map<ItemId, Double> inherit(Map<ItemId, Double> scores, boolean admitNew) {
        Map<ItemId, Double> result = new HashMap<>(scores);
        scores.forEach((id, score) -> {
            SessionNeighbors around = neighbours.getOrDefault(id, SessionNeighbors.NONE);
            around.before()
                    .filter(before -> admitNew || scores.containsKey(before))
                    .ifPresent(before -> result.merge(before, NEIGHBOUR * score, Double::sum));
            around.after()
                    .filter(after -> admitNew || scores.containsKey(after))
                    .ifPresent(after -> result.merge(after, shareForNext(id, after) * score, Double::sum));
        });
        result.replaceAll((id, score) -> isQuestionToPerson(id) ? ASKING * score : score);
        return result;
    }

    /** The share that the next turn inherits. */
    private double shareForNext(ItemId turn, ItemId next) {
        if (!isPerson(next)) {
            return REPLY;
        }
        return isQuestion(turn) ? ANSWER : NEIGHBOUR;
    }

    private boolean isQuestionToPerson(ItemId id) {
        return isPerson(id)
                && isQuestion(id)
                && neighbours
                        .getOrDefault(id, SessionNeighbors.NONE)
                        .after()
                        .filter(this::isPerson)
                        .isPresent();
    }

    private boolean isQuestion(ItemId id) {
        MemoryItem item = items.get(id);
        return item != null && item.type() == ItemType.MESSAGE && QuestionDetector.isQuestion(item.text());
    }

    private boolean isPerson(ItemId id) {
        MemoryItem item = items.get(id);
        return item != null && isPerson(item);
    }

    /** Whether a person said it: a user, or somebody with a name of their own in the other role. */
    static boolean isPerson(MemoryItem item) {
        return item.origin().role() == Role.USER
                || item.origin().role() == Role.ASSISTANT
                        && !ASSISTANTS.contains(item.origin().speaker().toLowerCase(Locale.ROOT));
    }
}
