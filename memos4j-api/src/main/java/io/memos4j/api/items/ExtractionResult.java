package io.memos4j.api.items;

import io.memos4j.api.ItemId;
import java.util.List;

/**
 * Result of an extraction: what a language model made of messages that it had not read before.
 *
 * @param added new memories; each names its sources
 * @param updated memories with a better text
 * @param retired memories that hold no longer
 * @param refused proposals that were not taken, with the reason
 * @param calls calls to the model, failed ones too
 * @param tokens tokens in and out, estimated where the provider does not say
 * @param complete false if the budget of the day ended before all messages were read
 */
public record ExtractionResult(
        List<ItemId> added,
        List<ItemId> updated,
        List<ItemId> retired,
        List<String> refused,
        int calls,
        long tokens,
        boolean complete) {
    public static final ExtractionResult NOTHING =
            new ExtractionResult(List.of(), List.of(), List.of(), List.of(), 0, 0, true);

    public ExtractionResult {
        added = List.copyOf(added);
        updated = List.copyOf(updated);
        retired = List.copyOf(retired);
        refused = List.copyOf(refused);
    }
}
