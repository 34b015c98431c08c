package io.memos4j.api;

import io.memos4j.api.adapters.AdapterId;
import java.util.List;

/**
 * Result of a deletion.
 *
 * @param selected the items that the selection named
 * @param derived items made from them, which went with them
 * @param adapters the adapters that were taught one of them: out of use, their bytes erased. A next version is trained
 *     without it
 */
public record DeleteResult(List<ItemId> selected, List<ItemId> derived, List<AdapterId> adapters) {
    public DeleteResult {
        selected = List.copyOf(selected);
        derived = List.copyOf(derived);
        adapters = List.copyOf(adapters);
    }

    public int count() {
        return selected.size() + derived.size();
    }
}
