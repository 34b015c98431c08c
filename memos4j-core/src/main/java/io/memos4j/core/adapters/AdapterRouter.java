package io.memos4j.core.adapters;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.memos4j.api.ItemId;
import io.memos4j.api.adapters.Adapter;
import io.memos4j.api.adapters.AdapterId;
import io.memos4j.core.embedding.VectorSpace;
import io.memos4j.core.language.ContentWords;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.index.Int8Vectors;
import io.memos4j.spi.vault.Vault;
import io.memos4j.spi.vault.VaultReader;
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
 * Decides which adapters answer a question: those that were taught something closer to it than to what has nothing to
 * do with anything. After Wang et al., WISE: Rethinking the Knowledge Memory for Lifelong Model Editing, 2024, where a
 * margin between the edits and the rest decides; here the margin is between the memories themselves, so that a decision
 * can be explained. Changes nothing. Thread-safe.
 */
public final class AdapterRouter {
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
    private final Cache<Key, List<TaughtMemory>> kept = Caffeine.newBuilder()
            .maximumWeight(KEPT)
            .weigher((Key key, List<TaughtMemory> taught) ->
                    taught.stream().mapToInt(TaughtMemory::bytes).sum())
            .build();

    /** @param most adapters at once */
    public AdapterRouter(Vault vault, Optional<VectorSpace> vectors, int most) {
        this.vault = vault;
        this.vectors = vectors;
        this.most = most;
    }

    /** An adapter that is to answer. */
    record RoutedAdapter(CubeRow cube, Adapter adapter, double scale, String reason) {}

    /** What an adapter was taught, as it is compared; its vectors are of one embedder. */
    private record Key(CubeKey cube, String artifact, String embedder) {}

    /**
     * A memory to compare with.
     *
     * @param passages its vectors; none where words are compared
     * @param least how similar a question must be
     */
    private record TaughtMemory(ItemId item, Set<String> words, List<byte[]> passages, double threshold) {
        private static final int WORD = 64;

        double similarity(byte[] question) {
            return maxCosine(question, passages);
        }

        double similarity(Set<String> question) {
            return question.isEmpty()
                    ? 0
                    : (double) question.stream().filter(words::contains).count() / question.size();
        }

        int bytes() {
            return WORD * (1 + words.size())
                    + passages.stream().mapToInt(vector -> vector.length).sum();
        }
    }

    private record ScoredAdapter(CubeRow cube, AdapterId adapter, TaughtMemory taught, double score) {
        /** From 0 at the margin to 1 for the same words. */
        double confidence() {
            return taught.threshold >= 1 ? 0 : (score - taught.threshold) / (1 - taught.threshold);
        }
    }

    /** The adapters for a question, strongest first. */
    List<RoutedAdapter> route(List<CubeRow> cubes, String question) {
        return vault.read(reader -> {
            List<ScoredAdapter> close = cubes.stream()
                    .flatMap(cube -> score(reader, cube, question))
                    .filter(each -> each.score >= each.taught.threshold)
                    .sorted(Comparator.comparingDouble(ScoredAdapter::confidence)
                            .reversed()
                            .thenComparing(ScoredAdapter::adapter))
                    .limit(most)
                    .toList();
            return close.stream()
                    .map(each -> toRouted(reader, each, close.getFirst()))
                    .filter(each -> each.scale >= LEAST_SCALE)
                    .toList();
        });
    }

    /** Keeps nothing at hand of what a cube was taught. */
    void evict(CubeKey cube) {
        kept.asMap().keySet().removeIf(key -> key.cube.equals(cube));
    }

    private static RoutedAdapter toRouted(VaultReader reader, ScoredAdapter scored, ScoredAdapter best) {
        double scale = best.confidence() <= 0 ? 1 : Math.max(0, scored.confidence() / best.confidence());
        String why = String.format(
                Locale.ROOT,
                "It was taught item %s, which is %.2f like the question; %.2f is needed.",
                scored.taught.item,
                scored.score,
                scored.taught.threshold);
        Adapter adapter = reader.adapters()
                .find(scored.cube.key(), scored.adapter)
                .orElseThrow(() -> new IllegalStateException(scored.adapter + " is gone from its snapshot"));
        return new RoutedAdapter(scored.cube, adapter, scored == best ? 1 : scale, why);
    }

    /** For each adapter of a cube that is in use, the memory that speaks most for it. */
    private Stream<ScoredAdapter> score(VaultReader reader, CubeRow cube, String question) {
        Map<AdapterId, String> active = reader.adapters().active(cube.key());
        if (active.isEmpty()) {
            return Stream.empty();
        }
        Set<String> words = ContentWords.of(question);
        Optional<byte[]> vector = vectorSpace(cube).map(space -> space.embedQuery(question));
        return active.entrySet().stream()
                .flatMap(each -> taughtMemories(reader, cube, each.getKey(), each.getValue()).stream()
                        .map(one -> new ScoredAdapter(
                                cube,
                                each.getKey(),
                                one,
                                one.passages.isEmpty() ? one.similarity(words) : one.similarity(vector.orElseThrow())))
                        .max(Comparator.comparingDouble(ScoredAdapter::confidence))
                        .stream());
    }

    private Optional<VectorSpace> vectorSpace(CubeRow cube) {
        return vectors.filter(space -> space.id().equals(cube.embedder()));
    }

    private List<TaughtMemory> taughtMemories(VaultReader reader, CubeRow cube, AdapterId id, String artifact) {
        Key key = new Key(cube.key(), artifact, cube.embedder());
        List<TaughtMemory> known = kept.getIfPresent(key);
        if (known != null) {
            return known;
        }
        List<TaughtMemory> read = readTaughtMemories(reader, cube, id);
        boolean complete = vectorSpace(cube).isEmpty() || read.stream().noneMatch(each -> each.passages.isEmpty());
        if (complete) {
            kept.put(key, read);
        }
        return read;
    }

    private List<TaughtMemory> readTaughtMemories(VaultReader reader, CubeRow cube, AdapterId id) {
        List<ItemId> ids = reader.adapters().find(cube.key(), id).stream()
                .flatMap(adapter -> adapter.taught().stream())
                .map(Adapter.Source::item)
                .toList();
        Map<ItemId, List<byte[]>> passages = new HashMap<>();
        if (vectorSpace(cube).isPresent()) {
            reader.vectors(cube.key(), ids)
                    .forEach(each -> each.vector()
                            .ifPresent(vector -> passages.computeIfAbsent(each.item(), item -> new ArrayList<>())
                                    .add(vector)));
        }
        return reader.items(cube.key(), ids).stream()
                .map(item -> {
                    List<byte[]> own = passages.getOrDefault(item.id(), List.of());
                    return new TaughtMemory(
                            item.id(), ContentWords.of(item.text()), own, own.isEmpty() ? WORDS : threshold(own));
                })
                .toList();
    }

    private double threshold(List<byte[]> passages) {
        VectorSpace space = vectors.orElseThrow();
        double unrelated = LocalityPrompts.EVALUATED.stream()
                .mapToDouble(prompt -> maxCosine(space.embedQuery(prompt), passages))
                .max()
                .orElse(0);
        return unrelated + MARGIN * (1 - unrelated);
    }

    private static double maxCosine(byte[] query, List<byte[]> passages) {
        return passages.stream()
                .mapToDouble(passage -> Int8Vectors.cosine(query, passage))
                .max()
                .orElse(-1);
    }
}
