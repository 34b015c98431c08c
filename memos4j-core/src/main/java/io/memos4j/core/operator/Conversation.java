package io.memos4j.core.operator;

import io.memos4j.api.ItemId;
import io.memos4j.api.ItemType;
import io.memos4j.api.MemoryItem;
import io.memos4j.api.Role;
import io.memos4j.core.language.Question;
import io.memos4j.spi.Neighbours;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Lets the turns of a conversation explain each other: a turn inherits a share of the scores of the turns directly before and after it.
 *
 * <p>What a person answers often shares no word with the question; so an answer inherits more from the question that it follows, and the
 * question, which tells nothing, loses a part of its own score. An assistant's reply is another matter: the memory is in what the person
 * asked, and the reply, which is long and repeats its words, inherits less.
 */
final class Conversation {
    /** The share that a turn inherits from a neighbour. */
    private static final double NEIGHBOUR = 0.2;

    /** The share that a person's answer inherits from the question before it. */
    private static final double ANSWER = 0.5;

    /** The share that an assistant's reply inherits from what it replies to. */
    private static final double REPLY = 0.1;

    /** What a question to a person keeps of its score. */
    private static final double ASKING = 0.7;

    static final Set<String> ASSISTANTS = Set.of("", "assistant", "ai", "bot", "chatbot", "agent", "system", "model");

    private final Map<ItemId, Neighbours> neighbours;
    private final Map<ItemId, MemoryItem> items;

    /**
     * @param neighbours for an item, those directly before and after it in its session
     * @param items everything that takes part
     */
    Conversation(Map<ItemId, Neighbours> neighbours, Map<ItemId, MemoryItem> items) {
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
            Neighbours around = neighbours.getOrDefault(id, Neighbours.NONE);
            around.before()
                    .filter(before -> admitNew || scores.containsKey(before))
                    .ifPresent(before -> result.merge(before, NEIGHBOUR * score, Double::sum));
            around.after()
                    .filter(after -> admitNew || scores.containsKey(after))
                    .ifPresent(after -> result.merge(after, handedOn(id, after) * score, Double::sum));
        });
        result.replaceAll((id, score) -> asksAPerson(id) ? ASKING * score : score);
        return result;
    }

    /** The share that the next turn inherits. */
    private double handedOn(ItemId turn, ItemId next) {
        if (!isPerson(next)) {
            return REPLY;
        }
        return asks(turn) ? ANSWER : NEIGHBOUR;
    }

    private boolean asksAPerson(ItemId id) {
        return isPerson(id)
                && asks(id)
                && neighbours
                        .getOrDefault(id, Neighbours.NONE)
                        .after()
                        .filter(this::isPerson)
                        .isPresent();
    }

    private boolean asks(ItemId id) {
        MemoryItem item = items.get(id);
        return item != null && item.type() == ItemType.MESSAGE && Question.isAskedBy(item.text());
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
