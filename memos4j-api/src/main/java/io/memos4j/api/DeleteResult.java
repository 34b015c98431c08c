package io.memos4j.api;

import java.util.List;

/**
 * What a deletion removed.
 *
 * @param selected the items that the selection named
 * @param derived items made from them, which went with them
 */
public record DeleteResult(List<ItemId> selected, List<ItemId> derived) {
    public DeleteResult {
        selected = List.copyOf(selected);
        derived = List.copyOf(derived);
    }

    public int count() {
        return selected.size() + derived.size();
    }
}
