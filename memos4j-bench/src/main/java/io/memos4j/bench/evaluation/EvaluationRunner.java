package io.memos4j.bench.evaluation;

import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.SourceReference;
import io.memos4j.api.search.SearchHit;
import io.memos4j.api.search.SearchResult;
import io.memos4j.bench.evaluation.LabeledDataset.Question;
import io.memos4j.bench.evaluation.LabeledDataset.Unit;
import io.memos4j.bench.evaluation.RunFile.Answer;
import io.memos4j.bench.evaluation.RunFile.Item;
import io.memos4j.core.MemOs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Evaluates an engine on a labeled set through the public API: each haystack becomes a cube, every question a search.
 * The engine sees what a user would give it (session, time, role, speaker, text; the question and its time) and nothing
 * that is for scoring.
 */
public final class EvaluationRunner {
    private static final Duration EMBEDDING = Duration.ofHours(2);

    /** Searches before the measured ones, as a warm-up. */
    private static final int WARM_UP = 20;

    private final MemOs memos;
    private final Consumer<String> progress;

    /** Creates an evaluation on an engine whose directory contains nothing else. */
    public EvaluationRunner(MemOs memos, Consumer<String> progress) {
        this.memos = memos;
        this.progress = progress;
    }

    /**
     * Evaluates one set.
     *
     * @param folder a directory with {@code corpus.jsonl} and {@code questions.jsonl}
     * @param runFile the file to write the answers to
     * @param k the number of results per question
     */
    public EvaluationReport run(Path folder, Optional<Path> runFile, int k) {
        LabeledDataset set = LabeledDataset.read(folder);
        Map<String, Ingested> cubes = new HashMap<>();
        long start = System.nanoTime();
        set.haystacks().forEach((haystack, units) -> cubes.put(haystack, ingest(set.name(), haystack, units)));
        double stored = seconds(start);
        progress.accept(String.format("%s: stored, waiting for vectors", set.name()));
        cubes.values().forEach(each -> await(each.cube));
        double embedded = seconds(start);
        progress.accept(String.format(
                "%s: searching for %d questions", set.name(), set.questions().size()));
        List<Answer> answers = ask(set.questions(), cubes, k);
        runFile.ifPresent(file -> RunFile.write(file, answers));
        long messages = set.haystacks().values().stream().mapToLong(List::size).sum();
        Map<String, Double> ingestion = new LinkedHashMap<>();
        ingestion.put("messages", (double) messages);
        ingestion.put("stored/s", messages / stored);
        ingestion.put("with vectors/s", messages / embedded);
        return EvaluationReport.of(set, answers, ingestion);
    }

    /** Scores a run file of this or any other system. */
    public static EvaluationReport score(Path folder, Path runFile) {
        return EvaluationReport.of(LabeledDataset.read(folder), RunFile.read(runFile), Map.of());
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static void await(MemCube cube) {
        if (!cube.awaitIdle(EMBEDDING)) {
            throw new MemoryException(
                    ErrorCode.TIMEOUT, "Cube '" + cube.id() + "' got no vectors within " + EMBEDDING + ".");
        }
    }

    /** A cube with the units that each of its items represents. */
    private record Ingested(MemCube cube, Map<ItemId, Set<String>> units) {}

    private Ingested ingest(String set, String haystack, List<Unit> units) {
        String name = set + "/" + haystack;
        memos.find(CubeId.of(name)).ifPresent(cube -> memos.delete(cube.id()));
        MemCube cube = memos.create(CubeId.of(name));
        Map<ItemId, Set<String>> provenance = new HashMap<>();
        CorpusLoader.add(
                cube,
                units,
                (item, unit) -> provenance
                        .computeIfAbsent(item, id -> new LinkedHashSet<>())
                        .add(unit.id()));
        return new Ingested(cube, provenance);
    }

    private List<Answer> ask(List<Question> questions, Map<String, Ingested> cubes, int k) {
        questions.stream().limit(WARM_UP).forEach(question -> answer(question, cubes, k));
        List<Answer> answers = new ArrayList<>();
        for (Question question : questions) {
            answers.add(answer(question, cubes, k));
        }
        return answers;
    }

    private static Answer answer(Question question, Map<String, Ingested> cubes, int k) {
        Ingested ingested = Optional.ofNullable(cubes.get(question.haystack()))
                .orElseThrow(() -> MemoryException.invalid("Question " + question.id() + " asks haystack '"
                        + question.haystack() + "', which the corpus does not have."));
        long start = System.nanoTime();
        SearchResult result = ingested.cube.search(CorpusLoader.request(question, k));
        double total = (System.nanoTime() - start) / 1e6;
        double embed = result.took("embed").toNanos() / 1e6;
        List<Item> items = result.hits().stream()
                .map(hit -> new Item(
                        units(hit, ingested.units),
                        hit.tokens(),
                        hit.excerpt(),
                        Optional.of(isPresentedAsOutdated(hit))))
                .toList();
        return new Answer(question.id(), question.haystack(), items, Math.max(0, total - embed), embed);
    }

    /** Returns whether the context tells the reader that a hit holds no longer, or was said otherwise later. */
    private static boolean isPresentedAsOutdated(SearchHit hit) {
        return hit.successor().isPresent() || hit.item().times().validTo().isPresent();
    }

    /**
     * Returns the units that a hit represents: its own, and those of its sources, of the turns that it shows and of the
     * duplicates merged into it. Summaries and profiles represent none; otherwise one hit could count for all of its
     * sources.
     */
    static List<String> units(SearchHit hit, Map<ItemId, Set<String>> provenance) {
        Set<String> units =
                new LinkedHashSet<>(provenance.getOrDefault(hit.item().id(), Set.of()));
        ItemType type = hit.item().type();
        hit.item().origin().sources().stream()
                .filter(source -> source.kind() == SourceReference.Kind.ITEM)
                .filter(source -> type != ItemType.SUMMARY && type != ItemType.PROFILE)
                .forEach(source -> units.addAll(provenance.getOrDefault(ItemId.parse(source.id()), Set.of())));
        hit.episode().forEach(id -> units.addAll(provenance.getOrDefault(id, Set.of())));
        hit.duplicates().forEach(id -> units.addAll(provenance.getOrDefault(id, Set.of())));
        return List.copyOf(units);
    }
}
