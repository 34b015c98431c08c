package io.memos4j.core.parametric;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.memos4j.api.Adapter;
import io.memos4j.api.AdapterId;
import io.memos4j.api.ItemId;
import io.memos4j.core.embedding.VectorSpace;
import io.memos4j.core.language.Words;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.Int8Vectors;
import io.memos4j.spi.Vault;
import io.memos4j.spi.VaultReader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Decides which adapters answer a question: those that were taught something closer to it than to what has nothing to do with anything. After
 * Wang et al., WISE: Rethinking the Knowledge Memory for Lifelong Model Editing, 2024, where a margin between the edits and the rest decides;
 * here the margin is between the memories themselves, so that a decision can be explained. Changes nothing. Thread-safe.
 */
final class Router {
    /** How much closer than the closest unrelated prompt a question must be, of what is left to being the same. */
    private static final double MARGIN = 0.25;

    /** Share of a question's words in a memory from which on it is about it, where there are no vectors. */
    private static final double WORDS = 0.6;

    /** What is applied beside a better one counts for at least so much, or is left out. */
    private static final double LEAST_SCALE = 0.5;

    /** Bytes of vectors and words that are kept at hand. */
    private static final long KEPT = 32L << 20;

    private final Vault vault;
    private final Optional<VectorSpace> vectors;
    private final int most;

    /** As long as an adapter is in use, what it was taught stays as it was: the vault sees to that. */
    private final Cache<Key, List<Taught>> kept = Caffeine.newBuilder()
            .maximumWeight(KEPT)
            .weigher((Key key, List<Taught> taught) ->
                    taught.stream().mapToInt(Taught::bytes).sum())
            .build();

    /** @param most adapters at once */
    Router(Vault vault, Optional<VectorSpace> vectors, int most) {
        this.vault = vault;
        this.vectors = vectors;
        this.most = most;
    }

    /** An adapter that is to answer. */
    record Chosen(CubeRow cube, Adapter adapter, double scale, String why) {}

    /** What an adapter was taught, as it is compared; its vectors are of one embedder. */
    private record Key(CubeKey cube, String artifact, String embedder) {}

    /**
     * A memory to compare with.
     *
     * @param passages its vectors; none where words are compared
     * @param least how similar a question must be
     */
    private record Taught(ItemId item, Set<String> words, List<byte[]> passages, double least) {
        private static final int WORD = 64;

        double like(byte[] question) {
            return closest(question, passages);
        }

        double like(Set<String> question) {
            return question.isEmpty()
                    ? 0
                    : (double) question.stream().filter(words::contains).count() / question.size();
        }

        int bytes() {
            return WORD * (1 + words.size())
                    + passages.stream().mapToInt(vector -> vector.length).sum();
        }
    }

    private record Scored(CubeRow cube, AdapterId adapter, Taught taught, double score) {
        /** From 0 at the margin to 1 for the same words. */
        double confidence() {
            return taught.least >= 1 ? 0 : (score - taught.least) / (1 - taught.least);
        }
    }

    /** The adapters for a question, strongest first. */
    List<Chosen> choose(List<CubeRow> cubes, String question) {
        return vault.read(reader -> {
            List<Scored> close = cubes.stream()
                    .flatMap(cube -> scored(reader, cube, question))
                    .filter(each -> each.score >= each.taught.least)
                    .sorted(Comparator.comparingDouble(Scored::confidence)
                            .reversed()
                            .thenComparing(Scored::adapter))
                    .limit(most)
                    .toList();
            return close.stream()
                    .map(each -> chosen(reader, each, close.getFirst()))
                    .filter(each -> each.scale >= LEAST_SCALE)
                    .toList();
        });
    }

    /** Keeps nothing at hand of what a cube was taught. */
    void forget(CubeKey cube) {
        kept.asMap().keySet().removeIf(key -> key.cube.equals(cube));
    }

    private static Chosen chosen(VaultReader reader, Scored scored, Scored best) {
        double scale = best.confidence() <= 0 ? 1 : Math.max(0, scored.confidence() / best.confidence());
        String why = String.format(
                Locale.ROOT,
                "It was taught item %s, which is %.2f like the question; %.2f is needed.",
                scored.taught.item,
                scored.score,
                scored.taught.least);
        Adapter adapter = reader.adapters()
                .find(scored.cube.key(), scored.adapter)
                .orElseThrow(() -> new IllegalStateException(scored.adapter + " is gone from its snapshot"));
        return new Chosen(scored.cube, adapter, scored == best ? 1 : scale, why);
    }

    /** For each adapter of a cube that is in use, the memory that speaks most for it. */
    private Stream<Scored> scored(VaultReader reader, CubeRow cube, String question) {
        Map<AdapterId, String> active = reader.adapters().active(cube.key());
        if (active.isEmpty()) {
            return Stream.empty();
        }
        Set<String> words = Words.of(question);
        Optional<byte[]> vector = space(cube).map(space -> space.query(question));
        return active.entrySet().stream()
                .flatMap(each -> taught(reader, cube, each.getKey(), each.getValue()).stream()
                        .map(one -> new Scored(
                                cube,
                                each.getKey(),
                                one,
                                one.passages.isEmpty() ? one.like(words) : one.like(vector.orElseThrow())))
                        .max(Comparator.comparingDouble(Scored::confidence))
                        .stream());
    }

    private Optional<VectorSpace> space(CubeRow cube) {
        return vectors.filter(space -> space.id().equals(cube.embedder()));
    }

    private List<Taught> taught(VaultReader reader, CubeRow cube, AdapterId id, String artifact) {
        Key key = new Key(cube.key(), artifact, cube.embedder());
        List<Taught> known = kept.getIfPresent(key);
        if (known != null) {
            return known;
        }
        List<Taught> read = read(reader, cube, id);
        boolean complete = space(cube).isEmpty() || read.stream().noneMatch(each -> each.passages.isEmpty());
        if (complete) {
            kept.put(key, read);
        }
        return read;
    }

    private List<Taught> read(VaultReader reader, CubeRow cube, AdapterId id) {
        List<ItemId> ids = reader.adapters().find(cube.key(), id).stream()
                .flatMap(adapter -> adapter.taught().stream())
                .map(Adapter.Source::item)
                .toList();
        Map<ItemId, List<byte[]>> passages = new HashMap<>();
        if (space(cube).isPresent()) {
            reader.vectors(cube.key(), ids)
                    .forEach(each -> each.vector()
                            .ifPresent(vector -> passages.computeIfAbsent(each.item(), item -> new ArrayList<>())
                                    .add(vector)));
        }
        return reader.items(cube.key(), ids).stream()
                .map(item -> {
                    List<byte[]> own = passages.getOrDefault(item.id(), List.of());
                    return new Taught(item.id(), Words.of(item.text()), own, own.isEmpty() ? WORDS : least(own));
                })
                .toList();
    }

    private double least(List<byte[]> passages) {
        VectorSpace space = vectors.orElseThrow();
        double unrelated = Neutral.EXAMINED.stream()
                .mapToDouble(prompt -> closest(space.query(prompt), passages))
                .max()
                .orElse(0);
        return unrelated + MARGIN * (1 - unrelated);
    }

    private static double closest(byte[] query, List<byte[]> passages) {
        return passages.stream()
                .mapToDouble(passage -> Int8Vectors.cosine(query, passage))
                .max()
                .orElse(-1);
    }
}
