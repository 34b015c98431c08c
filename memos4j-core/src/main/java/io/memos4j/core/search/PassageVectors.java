package io.memos4j.core.search;

import io.memos4j.api.ItemId;
import io.memos4j.spi.index.Int8Vectors;
import io.memos4j.spi.items.PassageVector;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The vectors of the passages that the hits of one search were found by, read from the vault when they are first
 * needed.
 */
final class PassageVectors {
    /** How far a query is moved towards its best hits; Rocchio's beta with alpha 1. */
    private static final double FEEDBACK = 0.3;

    private final Function<Collection<ItemId>, List<PassageVector>> vault;
    private final Map<Key, byte[]> vectors = new HashMap<>();
    private final Set<ItemId> read = new HashSet<>();

    private record Key(ItemId item, int passage) {}

    PassageVectors(Function<Collection<ItemId>, List<PassageVector>> vault) {
        this.vault = vault;
    }

    /** The cosine of the best passages of two hits; NaN if one has no vector. */
    double cosine(RankedItem a, RankedItem b) {
        return of(a).flatMap(first -> of(b).map(second -> Int8Vectors.cosine(first, second)))
                .orElse(Double.NaN);
    }

    /** A query's vector moved towards the mean of these hits. */
    byte[] towards(byte[] query, List<RankedItem> hits) {
        List<byte[]> like = hits.stream().flatMap(hit -> of(hit).stream()).toList();
        float[] moved = unit(query);
        for (byte[] vector : like) {
            float[] unit = unit(vector);
            for (int i = 0; i < moved.length; i++) {
                moved[i] += (float) (FEEDBACK * unit[i] / like.size());
            }
        }
        return Int8Vectors.encode(moved);
    }

    private Optional<byte[]> of(RankedItem found) {
        if (read.add(found.id())) {
            vault.apply(List.of(found.id()))
                    .forEach(each -> each.vector()
                            .ifPresent(vector -> vectors.put(new Key(each.item(), each.passage()), vector)));
        }
        return Stream.of(found.bestPassage(), 0)
                .map(passage -> vectors.get(new Key(found.id(), passage)))
                .flatMap(vector -> Optional.ofNullable(vector).stream())
                .findFirst();
    }

    private static float[] unit(byte[] code) {
        double square = 0;
        for (byte component : code) {
            square += component * component;
        }
        float scale = (float) (1 / Math.sqrt(square));
        float[] unit = new float[code.length];
        for (int i = 0; i < code.length; i++) {
            unit[i] = code[i] * scale;
        }
        return unit;
    }
}
