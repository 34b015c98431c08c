package io.memos4j.core.kvcache;

import io.memos4j.spi.kvcache.ActivationSource;
import io.memos4j.spi.runtime.AdapterMix;
import java.util.List;

/**
 * The adapters that answer a chat.
 *
 * @param sources the items that the adapters were taught: everything computed with them derives from these too
 */
public record AdapterSelection(AdapterMix adapterMix, List<ActivationSource> sources) {
    /** The base model without adapters. */
    public static final AdapterSelection NONE = new AdapterSelection(AdapterMix.NONE, List.of());

    public AdapterSelection {
        sources = List.copyOf(sources);
    }
}
