package io.memos4j.bench.evaluation;

import io.memos4j.api.CompositeCube;
import io.memos4j.api.CubeId;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.search.SearchHit;
import io.memos4j.api.search.SearchRequest;
import io.memos4j.api.search.SearchResult;
import io.memos4j.bench.evaluation.LabeledDataset.Question;
import io.memos4j.bench.evaluation.LabeledDataset.Unit;
import io.memos4j.core.MemOs;
import io.memos4j.core.MemOsConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Measures the recall of a search over several cubes, beside that of a search in the right cube alone, in one cube with
 * everything, and of the cubes' rankings interleaved. Each haystack of a set is a cube; the sessions of a set with one
 * haystack are distributed over {@value #DEALT} cubes. Every n-th question is asked, of all cubes.
 */
public final class CompositeRecall {
    private static final int DEALT = 4;
    private static final int K = 10;

    /** Searches before the measured ones, as a warm-up. */
    private static final int WARM_UP = 20;

    /** The name of the search in one cube with everything, which a composite should equal. */
    public static final String EVERYTHING = "everything in one cube";

    private final LabeledDataset set;
    private final List<Question> questions;
    private final MemOs memos;
    private final List<MemCube> parts = new ArrayList<>();
    private final Map<String, MemCube> owners = new HashMap<>();
    private final Map<ItemId, Set<String>> units = new HashMap<>();

    /**
     * The score of one way to search.
     *
     * @param recall the percentage of the evidence in the first ten results
     * @param millis the median time of a search
     */
    public record Score(String way, double recall, double millis) {}

    /** The scores of all ways to search, the composite first. */
    public record Scores(String set, int cubes, int questions, List<Score> ways) {}

    private CompositeRecall(LabeledDataset set, List<Question> questions, MemOs memos) {
        this.set = set;
        this.questions = questions;
        this.memos = memos;
    }

    /**
     * Measures with the bundled embedder.
     *
     * @param folder a directory with {@code corpus.jsonl} and {@code questions.jsonl}
     * @param data an empty directory
     * @param most the maximum number of questions
     */
    public static Scores measure(Path folder, Path data, int most) {
        LabeledDataset set = LabeledDataset.read(folder);
        List<Question> answerable = set.questions().stream()
                .filter(question -> !question.labels().evidence().isEmpty())
                .toList();
        int step = Math.max(1, (answerable.size() + most - 1) / most);
        List<Question> asked = IntStream.range(0, answerable.size())
                .filter(i -> i % step == 0)
                .mapToObj(answerable::get)
                .toList();
        if (asked.isEmpty()) {
            throw MemoryException.invalid("No question of " + folder + " has evidence.");
        }
        try (MemOs memos = MemOs.open(MemOsConfig.at(data))) {
            return new CompositeRecall(set, asked, memos).run();
        }
    }

    private Scores run() {
        MemCube everything = memos.create(CubeId.of(EVERYTHING));
        set.haystacks().forEach((haystack, all) -> {
            add(everything, haystack, all);
            shares(all).forEach(share -> {
                MemCube cube = memos.create(CubeId.of("part " + parts.size()));
                add(cube, haystack, share);
                parts.add(cube);
                owners.put(haystack, cube);
            });
        });
        parts.forEach(cube -> cube.awaitIdle(Duration.ofHours(1)));
        everything.awaitIdle(Duration.ofHours(1));
        CompositeCube composite = memos.compose(parts.stream().map(MemCube::id).toArray(CubeId[]::new));
        List<Score> ways = new ArrayList<>();
        ways.add(score("composite", question -> hits(composite.search(request(question)))));
        if (set.haystacks().size() > 1) {
            ways.add(
                    score("the right cube alone", question -> hits(own(question).search(request(question)))));
        }
        ways.add(score(EVERYTHING, question -> hits(everything.search(request(question)))));
        ways.add(score("the rankings of the cubes interleaved", this::interleave));
        return new Scores(set.name(), parts.size(), questions.size(), ways);
    }

    private List<List<Unit>> shares(List<Unit> haystack) {
        if (set.haystacks().size() > 1) {
            return List.of(haystack);
        }
        List<String> sessions = haystack.stream().map(Unit::session).distinct().toList();
        return IntStream.range(0, DEALT)
                .mapToObj(share -> haystack.stream()
                        .filter(unit -> sessions.indexOf(unit.session()) % DEALT == share)
                        .toList())
                .filter(share -> !share.isEmpty())
                .toList();
    }

    private MemCube own(Question question) {
        return Optional.ofNullable(owners.get(question.haystack()))
                .orElseThrow(() -> MemoryException.invalid("Question " + question.id() + " asks an unknown haystack."));
    }

    private void add(MemCube cube, String haystack, List<Unit> share) {
        CorpusLoader.add(
                cube,
                share,
                (item, unit) ->
                        units.computeIfAbsent(item, id -> new HashSet<>()).add(name(haystack, unit.id())));
    }

    /** Returns a name that is unique in the set; the IDs of units are unique in their haystack only. */
    private static String name(String haystack, String unit) {
        return haystack + "/" + unit;
    }

    private static SearchRequest request(Question question) {
        return CorpusLoader.request(question, K);
    }

    private List<Set<String>> hits(SearchResult result) {
        return result.hits().stream().map(this::units).toList();
    }

    private Set<String> units(SearchHit hit) {
        return new LinkedHashSet<>(EvaluationRunner.units(hit, units));
    }

    /** Interleaves the rankings: the first hit of each cube, then the second of each, and so on. */
    private List<Set<String>> interleave(Question question) {
        List<List<Set<String>>> rankings =
                parts.stream().map(cube -> hits(cube.search(request(question)))).toList();
        return IntStream.range(0, K)
                .boxed()
                .flatMap(rank ->
                        rankings.stream().filter(hits -> rank < hits.size()).map(hits -> hits.get(rank)))
                .limit(K)
                .toList();
    }

    private Score score(String way, Function<Question, List<Set<String>>> search) {
        List<Double> times = new ArrayList<>();
        double sum = 0;
        for (int i = -WARM_UP; i < questions.size(); i++) {
            Question question = questions.get(Math.floorMod(i, questions.size()));
            long start = System.nanoTime();
            List<Set<String>> found = search.apply(question);
            if (i >= 0) {
                times.add((System.nanoTime() - start) / 1e6);
                sum += recall(question, found);
            }
        }
        Collections.sort(times);
        return new Score(way, 100 * sum / questions.size(), times.get(times.size() / 2));
    }

    private static double recall(Question question, List<Set<String>> found) {
        Set<String> all = new HashSet<>();
        found.forEach(all::addAll);
        Set<String> evidence = question.labels().evidence();
        long hits = evidence.stream()
                .filter(unit -> all.contains(name(question.haystack(), unit)))
                .count();
        return (double) hits / evidence.size();
    }
}
