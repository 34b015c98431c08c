package io.memos4j.spi.kvcache;

import io.memos4j.spi.CubeKey;
import io.memos4j.spi.vault.VaultReader;
import java.util.List;

/** What is promoted and computed, to look at. Valid like the {@link VaultReader} that it belongs to. */
public interface ActivationReader {
    /** What stands at the beginning of a cube's prompts, in order. */
    List<PromotedItem> promoted(CubeKey cube);

    /** Every computed beginning of every cube, oldest first. */
    List<StoredActivation> all();

    /** The computed beginnings of a cube, oldest first. */
    List<StoredActivation> of(CubeKey cube);
}
