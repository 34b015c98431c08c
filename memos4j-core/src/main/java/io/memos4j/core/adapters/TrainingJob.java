package io.memos4j.core.adapters;

import io.memos4j.api.adapters.Adapter;
import io.memos4j.api.adapters.AdapterId;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.spi.CubeKey;
import java.util.List;

/**
 * What one adapter is to be taught.
 *
 * @param cube key of the cube
 * @param id the version that is to be made
 * @param corrected what the version before was taught and is no longer so, as it was then
 * @param secrets what must not be said
 * @param activate whether it is used when it has passed
 */
record TrainingJob(
        CubeKey cube,
        AdapterId id,
        List<MemoryItem> items,
        List<MemoryItem> correctedItems,
        List<SensitiveTextDetector.Secret> secrets,
        boolean activate) {
    TrainingJob {
        items = List.copyOf(items);
        correctedItems = List.copyOf(correctedItems);
        secrets = List.copyOf(secrets);
    }

    /** The versions of items that it is made of. */
    List<Adapter.Source> sources() {
        return items.stream()
                .map(item -> new Adapter.Source(item.id(), item.version()))
                .toList();
    }
}
