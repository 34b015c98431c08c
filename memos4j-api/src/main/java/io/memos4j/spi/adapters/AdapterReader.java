package io.memos4j.spi.adapters;

import io.memos4j.api.adapters.Adapter;
import io.memos4j.api.adapters.AdapterChange;
import io.memos4j.api.adapters.AdapterId;
import io.memos4j.api.adapters.LearningPolicy;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.vault.VaultReader;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/** Reads the adapters of cubes. Valid like the {@link VaultReader} that it belongs to. */
public interface AdapterReader {
    /** Returns the learning policy of a cube; the default if none was set. */
    LearningPolicy policy(CubeKey cube);

    /** Returns every version of every adapter of a cube, by name, the last version first. */
    List<Adapter> of(CubeKey cube);

    /** Returns the active versions of a cube with their artifacts, by name. Cheap: called for every question. */
    SequencedMap<AdapterId, String> active(CubeKey cube);

    Optional<Adapter> find(CubeKey cube, AdapterId id);

    /**
     * Returns true if items still say and mean what these versions of them did: none has another text or title, an end
     * or a successor, is erased, expired, merged, or archived by anything but the upkeep's cooling. Tags and metadata
     * are not what a model is taught.
     */
    boolean areSourcesUnchanged(CubeKey cube, List<Adapter.Source> sources);

    /** Returns the history of a cube's adapters, oldest first. */
    List<AdapterChange> changes(CubeKey cube);

    /** Returns the hashes of all artifacts of all cubes that are not erased. */
    Set<String> artifacts();

    /** Returns the cubes that have a suspended adapter as the last version of a name. */
    Set<CubeKey> cubesWithSuspended();
}
