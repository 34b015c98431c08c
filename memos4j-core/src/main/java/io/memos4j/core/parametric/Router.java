package io.memos4j.core.parametric;

import io.memos4j.api.Adapter;
import io.memos4j.api.AdapterState;
import io.memos4j.api.MemoryItem;
import io.memos4j.core.embedding.VectorSpace;
import io.memos4j.core.language.Words;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.Int8Vectors;
import io.memos4j.spi.PassageVector;
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

    private final Vault vault;
    private final Optional<VectorSpace> vectors;
    private final int most;

    /** @param most adapters at once */
    Router(Vault vault, Optional<VectorSpace> vectors, int most) {
        this.vault = vault;
        this.vectors = vectors;
        this.most = most;
    }

    /** An adapter that is to answer. */
    record Chosen(CubeRow cube, Adapter adapter, double scale, String why) {}

    private record Scored(CubeRow cube, Adapter adapter, MemoryItem item, double score, double least) {
        /** From 0 at the margin to 1 for the same words. */
        double confidence() {
            return least >= 1 ? 0 : (score - least) / (1 - least);
        }
    }

    /** The adapters for a question, strongest first. */
    List<Chosen> choose(List<CubeRow> cubes, String question) {
        List<Scored> scored = vault.read(reader -> {
            List<Scored> all = new ArrayList<>();
            for (CubeRow cube : cubes) {
                reader.adapters().of(cube.key()).stream()
                        .filter(adapter -> adapter.state() == AdapterState.ACTIVE)
                        .forEach(adapter ->
                                score(reader, cube, adapter, question).ifPresent(all::add));
            }
            return all;
        });
        List<Scored> close = scored.stream()
                .filter(each -> each.score >= each.least)
                .sorted(Comparator.comparingDouble(Scored::confidence)
                        .reversed()
                        .thenComparing(each -> each.adapter.id()))
                .limit(most)
                .toList();
        return close.stream()
                .map(each -> chosen(each, close.getFirst()))
                .filter(each -> each.scale >= LEAST_SCALE)
                .toList();
    }

    private static Chosen chosen(Scored scored, Scored best) {
        double scale = best.confidence() <= 0 ? 1 : Math.max(0, scored.confidence() / best.confidence());
        String why = String.format(
                Locale.ROOT,
                "It was taught item %s, which is %.2f like the question; %.2f is needed.",
                scored.item.id(),
                scored.score,
                scored.least);
        return new Chosen(scored.cube, scored.adapter, scored == best ? 1 : scale, why);
    }

    private Optional<Scored> score(VaultReader reader, CubeRow cube, Adapter adapter, String question) {
        List<MemoryItem> items = reader.items(
                cube.key(), adapter.taught().stream().map(Adapter.Source::item).toList());
        Map<Object, List<byte[]>> passages = passages(reader, cube, items);
        return items.stream()
                .map(item -> {
                    List<byte[]> own = passages.getOrDefault(item.id(), List.of());
                    return own.isEmpty()
                            ? new Scored(cube, adapter, item, shared(question, item.text()), WORDS)
                            : new Scored(cube, adapter, item, similarity(question, own), least(own));
                })
                .max(Comparator.comparingDouble(Scored::confidence));
    }

    private Map<Object, List<byte[]>> passages(VaultReader reader, CubeRow cube, List<MemoryItem> items) {
        Map<Object, List<byte[]>> passages = new HashMap<>();
        if (vectors.filter(space -> space.id().equals(cube.embedder())).isPresent()) {
            for (PassageVector each : reader.vectors(
                    cube.key(), items.stream().map(MemoryItem::id).toList())) {
                each.vector()
                        .ifPresent(vector -> passages.computeIfAbsent(each.item(), id -> new ArrayList<>())
                                .add(vector));
            }
        }
        return passages;
    }

    private double similarity(String text, List<byte[]> passages) {
        byte[] query = vectors.orElseThrow().query(text);
        return passages.stream()
                .mapToDouble(passage -> Int8Vectors.cosine(query, passage))
                .max()
                .orElse(-1);
    }

    /** The unrelated prompts are few, and their vectors stay at hand. */
    private double least(List<byte[]> passages) {
        double unrelated = Neutral.EXAMINED.stream()
                .mapToDouble(prompt -> similarity(prompt, passages))
                .max()
                .orElse(0);
        return unrelated + MARGIN * (1 - unrelated);
    }

    private static double shared(String question, String text) {
        Set<String> asked = Words.of(question);
        Set<String> told = Words.of(text);
        return asked.isEmpty()
                ? 0
                : (double) asked.stream().filter(told::contains).count() / asked.size();
    }
}
