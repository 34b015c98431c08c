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
 * @param complete false if messages are left unread: the budget of the day ended, or see {@code failed}
 * @param failed windows of messages that the model could not read, with the reason; they stay unread, and the next
 *     extraction tries them again
 */
public record ExtractionResult(
        List<ItemId> added,
        List<ItemId> updated,
        List<ItemId> retired,
        List<String> refused,
        int calls,
        long tokens,
        boolean complete,
        List<String> failed) {
    public static final ExtractionResult NOTHING =
            new ExtractionResult(List.of(), List.of(), List.of(), List.of(), 0, 0, true, List.of());

    public ExtractionResult {
        added = List.copyOf(added);
        updated = List.copyOf(updated);
        retired = List.copyOf(retired);
        refused = List.copyOf(refused);
        failed = List.copyOf(failed);
    }
}
