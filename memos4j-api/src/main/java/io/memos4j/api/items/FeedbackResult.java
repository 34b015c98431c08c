package io.memos4j.api.items;

import io.memos4j.api.ItemId;
import io.memos4j.api.Warning;
import java.util.List;
import java.util.Optional;

/**
 * Result of feedback.
 *
 * @param stored the item that holds a correction
 * @param changed the items that were superseded or rated
 * @param warnings what the caller should know, for example that nothing was found to correct
 */
public record FeedbackResult(Optional<ItemId> stored, List<ItemId> changed, List<Warning> warnings) {
    public FeedbackResult {
        changed = List.copyOf(changed);
        warnings = List.copyOf(warnings);
    }
}
