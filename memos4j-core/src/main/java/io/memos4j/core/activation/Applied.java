package io.memos4j.core.activation;

import io.memos4j.spi.ActivationSource;
import io.memos4j.spi.AdapterMix;
import java.util.List;

/**
 * The adapters that answer a conversation.
 *
 * @param sources what they were taught: what is computed with them comes from that too
 */
public record Applied(AdapterMix mix, List<ActivationSource> sources) {
    /** The base alone. */
    public static final Applied NONE = new Applied(AdapterMix.NONE, List.of());

    public Applied {
        sources = List.copyOf(sources);
    }
}
