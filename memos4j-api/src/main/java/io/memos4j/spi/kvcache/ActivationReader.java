package io.memos4j.spi.kvcache;

import io.memos4j.spi.CubeKey;
import io.memos4j.spi.vault.VaultReader;
import java.util.List;

/** Reads promoted items and saved KV caches. Valid like the {@link VaultReader} that it belongs to. */
public interface ActivationReader {
    /** Returns the promoted items at the start of a cube's prompts, in order. */
    List<PromotedItem> promoted(CubeKey cube);

    /** Returns every saved KV cache of every cube, oldest first. */
    List<StoredActivation> all();

    /** Returns the saved KV caches of a cube, oldest first. */
    List<StoredActivation> of(CubeKey cube);
}
