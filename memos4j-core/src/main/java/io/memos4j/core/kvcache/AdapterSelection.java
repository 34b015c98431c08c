package io.memos4j.core.kvcache;

import io.memos4j.spi.kvcache.ActivationSource;
import io.memos4j.spi.runtime.AdapterMix;
import java.util.List;

/**
 * The adapters that answer a conversation.
 *
 * @param sources what they were taught: what is computed with them comes from that too
 */
public record AdapterSelection(AdapterMix adapterMix, List<ActivationSource> sources) {
    /** The base alone. */
    public static final AdapterSelection NONE = new AdapterSelection(AdapterMix.NONE, List.of());

    public AdapterSelection {
        sources = List.copyOf(sources);
    }
}
