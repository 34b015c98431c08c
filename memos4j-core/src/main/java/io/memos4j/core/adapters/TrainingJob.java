package io.memos4j.core.adapters;

import io.memos4j.api.adapters.Adapter;
import io.memos4j.api.adapters.AdapterId;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.core.privacy.SensitiveSpan;
import io.memos4j.spi.CubeKey;
import java.util.List;

/**
 * The training of one adapter version.
 *
 * @param cube key of the cube
 * @param id the version to be trained
 * @param correctedItems items of the previous version that no longer hold, as they were then
 * @param secrets texts that must not be learned
 * @param activate whether to activate the version if it passes the evaluation
 */
record TrainingJob(
        CubeKey cube,
        AdapterId id,
        List<MemoryItem> items,
        List<MemoryItem> correctedItems,
        List<SensitiveSpan> secrets,
        boolean activate) {
    TrainingJob {
        items = List.copyOf(items);
        correctedItems = List.copyOf(correctedItems);
        secrets = List.copyOf(secrets);
    }

    /** Returns the item versions that it trains. */
    List<Adapter.Source> sources() {
        return items.stream()
                .map(item -> new Adapter.Source(item.id(), item.version()))
                .toList();
    }
}
