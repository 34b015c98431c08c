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

/** The adapters of cubes, to look at. Valid like the {@link VaultReader} that it belongs to. */
public interface AdapterReader {
    /** What of a cube may be taught; the default if nothing was said. */
    LearningPolicy policy(CubeKey cube);

    /** Every version of every adapter of a cube, by name, the last version first. */
    List<Adapter> of(CubeKey cube);

    /**
     * The versions of a cube that are in use, with their artifacts, by name. Cheap: it is asked with every question.
     */
    SequencedMap<AdapterId, String> active(CubeKey cube);

    Optional<Adapter> find(CubeKey cube, AdapterId id);

    /**
     * Whether items still say and mean what these versions of them did: none has another text or title, an end or a
     * successor, is erased, expired, merged, or archived by anything but the upkeep's cooling. Tags and metadata are
     * not what a model is taught.
     */
    boolean areSourcesUnchanged(CubeKey cube, List<Adapter.Source> sources);

    /** What happened to a cube's adapters, oldest first. */
    List<AdapterChange> changes(CubeKey cube);

    /** The hashes of all artifacts of all cubes that are not erased. */
    Set<String> artifacts();

    /** Keys of the cubes that have a suspended adapter as the last version of a name. */
    Set<CubeKey> cubesWithSuspended();
}
