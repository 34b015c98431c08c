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
 * Selects the adapters that answer a question: those taught a memory that is closer to the question than unrelated
 * prompts are.
 *
 * <p>After Wang et al., "WISE: Rethinking the Knowledge Memory for Lifelong Model Editing" (2024), where a margin
 * between the edits and the rest decides; here the margin is between the memories themselves, so that a decision can be
 * explained. Read-only. Thread-safe.
 */
public final class AdapterRouter {
    /**
     * The margin by which a question must be closer than the closest unrelated prompt, as a share of the distance to
     * identity.
     */
    private static final double MARGIN = 0.25;

    /** The share of a question's words that a memory must contain if there are no vectors. */
    private static final double MIN_WORD_SHARE = 0.6;

    /** The smallest scale of a further adapter; below it the adapter is not applied. */
    private static final double MIN_SCALE = 0.5;

    /** The most bytes of vectors and words in the cache. */
    private static final long CACHE_BYTES = 32L << 20;

    private final Vault vault;
    private final Optional<VectorSpace> vectors;
    private final int most;

    /** The memories of an active adapter do not change: the vault deactivates it before they do. */
    private final Cache<Key, List<TaughtMemory>> cache = Caffeine.newBuilder()
            .maximumWeight(CACHE_BYTES)
            .weigher((Key key, List<TaughtMemory> taught) ->
                    taught.stream().mapToInt(TaughtMemory::bytes).sum())
            .build();

    /** @param most the most adapters per question */
    public AdapterRouter(Vault vault, Optional<VectorSpace> vectors, int most) {
        this.vault = vault;
        this.vectors = vectors;
        this.most = most;
    }

    /** A selected adapter. */
    record RoutedAdapter(CubeRow cube, Adapter adapter, double scale, String reason) {}

    /** Cache key: an adapter's memories with the vectors of one embedder. */
    private record Key(CubeKey cube, String artifact, String embedder) {}

    /**
     * A memory that an adapter was taught.
     *
     * @param passages its vectors; empty if words are compared
     * @param threshold the similarity that a question must reach
     */
    private record TaughtMemory(ItemId item, Set<String> words, List<byte[]> passages, double threshold) {
        private static final int BYTES_PER_WORD = 64;

        double similarity(byte[] question) {
            return maxCosine(question, passages);
        }

        double similarity(Set<String> question) {
            return question.isEmpty()
                    ? 0
                    : (double) question.stream().filter(words::contains).count() / question.size();
        }

        int bytes() {
            return BYTES_PER_WORD * (1 + words.size())
                    + passages.stream().mapToInt(vector -> vector.length).sum();
        }
    }

    private record ScoredAdapter(CubeRow cube, AdapterId adapter, TaughtMemory taught, double score) {
        /** Returns 0 at the threshold up to 1 for identity. */
        double confidence() {
            return taught.threshold >= 1 ? 0 : (score - taught.threshold) / (1 - taught.threshold);
        }
    }

    /** Selects the adapters for a question, strongest first. */
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
                    .filter(each -> each.scale >= MIN_SCALE)
                    .toList();
        });
    }

    /** Evicts the memories of a cube from the cache. */
    void evict(CubeKey cube) {
        cache.asMap().keySet().removeIf(key -> key.cube.equals(cube));
    }

    private static RoutedAdapter toRouted(VaultReader reader, ScoredAdapter scored, ScoredAdapter best) {
        double scale = best.confidence() <= 0 ? 1 : Math.max(0, scored.confidence() / best.confidence());
        String why = String.format(
                Locale.ROOT,
                "It was taught item %s, whose similarity to the question is %.2f; %.2f is needed.",
                scored.taught.item,
                scored.score,
                scored.taught.threshold);
        Adapter adapter = reader.adapters()
                .find(scored.cube.key(), scored.adapter)
                .orElseThrow(() -> new IllegalStateException(scored.adapter + " is gone from its snapshot"));
        return new RoutedAdapter(scored.cube, adapter, scored == best ? 1 : scale, why);
    }

    /** Scores each active adapter of a cube by the memory that is closest to the question. */
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
        List<TaughtMemory> known = cache.getIfPresent(key);
        if (known != null) {
            return known;
        }
        List<TaughtMemory> read = readTaughtMemories(reader, cube, id);
        boolean complete = vectorSpace(cube).isEmpty() || read.stream().noneMatch(each -> each.passages.isEmpty());
        if (complete) {
            cache.put(key, read);
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
                    double least = own.isEmpty() ? MIN_WORD_SHARE : threshold(own);
                    return new TaughtMemory(item.id(), ContentWords.of(item.text()), own, least);
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
