package io.memos4j.bench.evaluation;

import io.memos4j.api.CubeId;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.items.Message;
import io.memos4j.api.search.SearchRequest;
import io.memos4j.bench.evaluation.LabeledDataset.Question;
import io.memos4j.bench.evaluation.LabeledDataset.Unit;
import io.memos4j.core.MemOs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Measures how much of the evidence for the next question is already in the working memory of a session. The questions
 * of a haystack are asked in one session, in two orders: that of the file, in which neighbors have little to do with
 * each other, and that of their evidence, as in a conversation that follows a thread.
 *
 * <p>The preloaded items are compared with as many further hits of the last search, and with as many random items.
 */
public final class PreloadRecall {
    private static final int HITS = 10;
    private static final int MORE_HITS = 26;

    private final MemOs memos;
    private final Preload preload;
    private final int questions;

    /** Runs the preload task of a session. */
    public interface Preload {
        void run(MemCube cube, String session);
    }

    /**
     * Percentages of the evidence for the next question.
     *
     * @param items the average number of preloaded items
     * @param touched the share in the items that the session had touched
     * @param preloaded the share with the preloaded items
     * @param hits the share with as many further hits of the last search
     * @param random the share with as many random items
     */
    public record Shares(
            String name, int questions, double items, double touched, double preloaded, double hits, double random) {}

    /**
     * Creates the measurement.
     *
     * @param memos an engine whose directory contains nothing else
     * @param questions the maximum number of questions per haystack
     */
    public PreloadRecall(MemOs memos, Preload preload, int questions) {
        this.memos = memos;
        this.preload = preload;
        this.questions = questions;
    }

    /** Measures both orders of the questions of a set. */
    public List<Shares> run(Path folder) {
        LabeledDataset set = LabeledDataset.read(folder);
        Tally file = new Tally(set.name() + ", order of the file");
        Tally byEvidence = new Tally(set.name() + ", order of evidence");
        set.haystacks().forEach((haystack, units) -> {
            List<Question> asked = set.questions().stream()
                    .filter(question -> question.haystack().equals(haystack)
                            && !question.labels().evidence().isEmpty())
                    .limit(questions)
                    .toList();
            Map<String, Integer> places = new HashMap<>();
            units.forEach(unit -> places.putIfAbsent(unit.id(), places.size()));
            Comparator<Question> byPlace = Comparator.comparingInt(question -> question.labels().evidence().stream()
                    .mapToInt(unit -> places.getOrDefault(unit, 0))
                    .min()
                    .orElse(0));
            ask(new Haystack(set.name() + "/file/" + haystack, units, asked), file);
            ask(
                    new Haystack(
                            set.name() + "/evidence/" + haystack,
                            units,
                            asked.stream().sorted(byPlace).toList()),
                    byEvidence);
        });
        return List.of(file.shares(), byEvidence.shares());
    }

    private record Haystack(String name, List<Unit> units, List<Question> questions) {}

    private void ask(Haystack haystack, Tally tally) {
        MemCube cube = memos.create(CubeId.of(haystack.name));
        Map<String, ItemId> items = ingest(cube, haystack.units);
        List<ItemId> all = new ArrayList<>(new LinkedHashSet<>(items.values()));
        Random random = new Random(1);
        for (int i = 0; i + 1 < haystack.questions.size(); i++) {
            String text = haystack.questions.get(i).text();
            cube.add(Message.user(text).in("asking"));
            SearchRequest request =
                    SearchRequest.of(text).within(Duration.ofMinutes(1)).maxTokens(1_000_000);
            cube.search(request.limit(HITS).in("asking"));
            Set<ItemId> former = workingMemory(cube, false);
            List<ItemId> hits = cube.search(request.limit(MORE_HITS)).hits().stream()
                    .map(hit -> hit.item().id())
                    .toList();
            preload.run(cube, "asking");
            Set<ItemId> preloaded = workingMemory(cube, true);
            preloaded.removeAll(former);
            Collections.shuffle(all, random);
            Set<ItemId> wanted = new HashSet<>();
            haystack.questions.get(i + 1).labels().evidence().forEach(unit -> {
                if (items.containsKey(unit)) {
                    wanted.add(items.get(unit));
                }
            });
            tally.add(wanted, former, new Extra(preloaded, hits, all));
        }
    }

    /** Returns the items in the working memory of the session, with or without the preloaded ones. */
    private static Set<ItemId> workingMemory(MemCube cube, boolean preloaded) {
        Set<ItemId> ids = new LinkedHashSet<>();
        cube.workingMemory("asking").items().stream()
                .filter(each -> preloaded || !each.cause().equals("preloaded"))
                .forEach(each -> ids.add(each.item().id()));
        return ids;
    }

    private static Map<String, ItemId> ingest(MemCube cube, List<Unit> units) {
        Map<String, ItemId> items = new HashMap<>();
        CorpusLoader.add(cube, units, (item, unit) -> items.put(unit.id(), item));
        cube.awaitIdle(Duration.ofHours(1));
        return items;
    }

    /** The candidates for additional items in the working memory. */
    private record Extra(Set<ItemId> preloaded, List<ItemId> hits, List<ItemId> random) {}

    /** Shares of evidence, summed over questions. */
    private static final class Tally {
        private final String name;
        private int count;
        private double at;
        private double preloaded;
        private double hits;
        private double random;
        private double size;

        Tally(String name) {
            this.name = name;
        }

        void add(Set<ItemId> wanted, Set<ItemId> former, Extra extra) {
            if (wanted.isEmpty()) {
                return;
            }
            int more = extra.preloaded.size();
            count++;
            size += more;
            at += share(wanted, former, List.of());
            preloaded += share(wanted, former, extra.preloaded);
            hits += share(wanted, former, first(extra.hits, former, more));
            random += share(wanted, former, first(extra.random, former, more));
        }

        private static List<ItemId> first(List<ItemId> from, Set<ItemId> without, int count) {
            return from.stream()
                    .filter(id -> !without.contains(id))
                    .limit(count)
                    .toList();
        }

        private static double share(Set<ItemId> wanted, Set<ItemId> former, Collection<ItemId> more) {
            long found = wanted.stream()
                    .filter(id -> former.contains(id) || more.contains(id))
                    .count();
            return found / (double) wanted.size();
        }

        Shares shares() {
            return new Shares(
                    name,
                    count,
                    count == 0 ? 0 : size / count,
                    percent(at),
                    percent(preloaded),
                    percent(hits),
                    percent(random));
        }

        private double percent(double sum) {
            return count == 0 ? 0 : 100 * sum / count;
        }
    }
}
