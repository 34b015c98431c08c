package io.memos4j.core.search;

import io.memos4j.api.ItemId;
import io.memos4j.spi.index.Int8Vectors;
import io.memos4j.spi.items.PassageVector;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Caches the vectors of the passages by which the hits of one search were found; reads them from the vault on first
 * use.
 */
final class PassageVectors {
    private final Function<ItemId, List<PassageVector>> vault;
    private final Map<Key, byte[]> vectors = new HashMap<>();
    private final Set<ItemId> read = new HashSet<>();

    private record Key(ItemId item, int passage) {}

    PassageVectors(Function<ItemId, List<PassageVector>> vault) {
        this.vault = vault;
    }

    /** The cosine of the best passages of two hits; NaN if one has no vector. */
    double cosine(RankedItem a, RankedItem b) {
        return of(a).flatMap(first -> of(b).map(second -> Int8Vectors.cosine(first, second)))
                .orElse(Double.NaN);
    }

    /** The vector of a hit's best passage, else of its first one; empty if it has none. */
    Optional<byte[]> of(RankedItem found) {
        if (read.add(found.id())) {
            vault.apply(found.id())
                    .forEach(each -> each.vector()
                            .ifPresent(vector -> vectors.put(new Key(each.item(), each.passage()), vector)));
        }
        return Stream.of(found.bestPassage(), 0)
                .map(passage -> vectors.get(new Key(found.id(), passage)))
                .flatMap(vector -> Optional.ofNullable(vector).stream())
                .findFirst();
    }
}
