package io.memos4j.api;

import java.util.List;

/**
 * What a language model made of messages that it had not read before.
 *
 * @param added new memories; each names its sources
 * @param updated memories with a better text
 * @param retired memories that hold no longer
 * @param refused proposals that were not taken, with the reason
 * @param calls calls to the model, failed ones too
 * @param tokens tokens in and out, estimated where the provider does not say
 * @param complete false if the budget of the day ended before all messages were read
 */
public record Extraction(
        List<ItemId> added,
        List<ItemId> updated,
        List<ItemId> retired,
        List<String> refused,
        int calls,
        long tokens,
        boolean complete) {
    public static final Extraction NOTHING = new Extraction(List.of(), List.of(), List.of(), List.of(), 0, 0, true);

    public Extraction {
        added = List.copyOf(added);
        updated = List.copyOf(updated);
        retired = List.copyOf(retired);
        refused = List.copyOf(refused);
    }
}
