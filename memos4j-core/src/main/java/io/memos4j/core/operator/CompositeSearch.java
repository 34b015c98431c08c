package io.memos4j.core.operator;

import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryItem;
import io.memos4j.api.SearchRequest;
import io.memos4j.api.SearchResult;
import io.memos4j.core.MemOsConfig.SearchStage;
import io.memos4j.core.operator.Candidates.Common;
import io.memos4j.core.operator.Candidates.Proposed;
import io.memos4j.core.operator.Fusion.Fused;
import io.memos4j.core.operator.Members.Member;
import io.memos4j.core.operator.Packing.Packed;
import io.memos4j.core.operator.QueryAnalysis.Aspect;
import io.memos4j.core.operator.Search.Likeness;
import io.memos4j.core.operator.Searcher.Parts;
import io.memos4j.core.operator.StandingMemories.Likely;
import io.memos4j.spi.Candidate;
import io.memos4j.spi.CubeIndex.Ranking;
import io.memos4j.spi.PassageVector;
import io.memos4j.spi.WordStatistics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * One search of several cubes; used once.
 *
 * <p>The cubes rank as one cube of everything would. Cosines are comparable as they are, where one embedder made the vectors. BM25 is not,
 * since a word that is rare in one cube may be common in the next: so the cubes first say how common the query's words are, and then rank by
 * the sum ("global idf"; Callan, "Distributed Information Retrieval", 2000, section 5.1). The candidates of all are pooled, cut where a
 * single cube would cut them, and normalised together. The stages that read around a hit (its neighbours, ratings, newer values) work on
 * each cube for itself: a conversation never reaches over into another cube, and nobody's statement is outdated by somebody else's.
 *
 * <p>The price is one more round: the statistics must be there before the ranking begins.
 */
final class CompositeSearch {
    private final Parts parts;
    private final SearchRequest request;
    private final Trace trace;
    private final Deadline deadline;
    private final QueryAnalysis analysis;
    private final Members members;

    CompositeSearch(Parts parts, Collection<Scope> scopes, SearchRequest request) {
        this.parts = parts;
        this.request = request;
        this.trace = new Trace(request.explain());
        this.deadline = Deadline.in(request.deadline());
        Instant reference = request.referenceTime()
                .or(request::asOf)
                .orElseGet(() -> parts.clock().instant());
        this.analysis =
                QueryAnalysis.of(request.query(), reference.atZone(parts.zone()).toLocalDate());
        this.members = new Members(parts, scopes, request, trace);
    }

    SearchResult run() {
        Optional<Pool> pooled = propose();
        List<Found> best = pooled.map(this::best).orElse(List.of());
        members.warnings().forEach(warning -> trace.warn(warning.code(), warning.message()));
        Packed packed = trace.time("pack", () -> pack(best));
        return new SearchResult(packed.hits(), packed.context(), packed.tokens(), trace.warnings(), trace.stages());
    }

    /**
     * The candidates of all members.
     *
     * @param proposed as if one cube had proposed them
     * @param owners whose an item is; the first member's where several have it
     */
    private record Pool(Proposed proposed, Map<ItemId, Member> owners) {}

    /** Empty if no member answered in time. */
    private Optional<Pool> propose() {
        Function<String, byte[]> embed =
                text -> trace.time("embed", () -> parts.vectors().orElseThrow().query(text));
        QueryVector vector = new QueryVector(request.query(), embed);
        WordStatistics words = trace.time("words", () -> {
            Map<Member, WordStatistics> each = members.inTime(deadline, Search::words);
            trace.note(() -> each.size() + " cubes say how common the words are");
            return each.values().stream().reduce(WordStatistics.NONE, WordStatistics::plus);
        });
        Map<Member, Proposed> proposed = trace.time("candidates", () -> {
            Common common = new Common(vector::get, words);
            Map<Member, Proposed> each = members.inTime(deadline, search -> search.propose(common));
            trace.note(() -> "of " + each.size() + " cubes");
            return each;
        });
        if (proposed.values().stream().anyMatch(each -> !each.complete())) {
            trace.warn(
                    "deadline_exceeded",
                    "The deadline of " + request.deadline()
                            + " cut the ranking; better matches may be missing. Allow more time.");
        }
        return proposed.isEmpty() ? Optional.empty() : Optional.of(pool(proposed));
    }

    private Pool pool(Map<Member, Proposed> proposed) {
        Map<ItemId, Member> owners = new LinkedHashMap<>();
        proposed.forEach((member, each) -> List.of(each.lexical(), each.dense(), each.standing())
                .forEach(ranking -> ranking.candidates().forEach(found -> owners.putIfAbsent(found.item(), member))));
        Function<Function<Proposed, Ranking>, Ranking> joined = which -> {
            Map<Member, Ranking> rankings = new LinkedHashMap<>();
            proposed.forEach((member, each) -> rankings.put(member, which.apply(each)));
            return join(rankings, owners);
        };
        Ranking standing = joined.apply(Proposed::standing);
        Proposed all = new Proposed(
                joined.apply(Proposed::lexical),
                joined.apply(Proposed::dense),
                new Ranking(
                        standing.candidates().stream()
                                .limit(StandingMemories.CANDIDATES)
                                .toList(),
                        standing.complete()),
                proposed.values().stream()
                        .flatMap(each -> each.vector().stream())
                        .findFirst());
        return new Pool(all, owners);
    }

    /** The best of several rankings by comparable scores; each item from its owner alone. */
    private Ranking join(Map<Member, Ranking> rankings, Map<ItemId, Member> owners) {
        List<Candidate> candidates = new ArrayList<>();
        rankings.forEach((member, ranking) -> ranking.candidates().stream()
                .filter(each -> owners.computeIfAbsent(each.item(), id -> member) == member)
                .forEach(candidates::add));
        candidates.sort(Comparator.comparing(Candidate::score).reversed());
        boolean complete = rankings.values().stream().allMatch(Ranking::complete);
        return new Ranking(candidates.subList(0, Math.min(candidates.size(), members.limit())), complete);
    }

    private List<Found> best(Pool pool) {
        Proposed all = pool.proposed;
        List<Found> ranked = trace.time("rank", () -> rank(members.fuse(all.lexical(), all.dense()), pool.owners));
        if (all.vector().isPresent() && members.gather(ranked)) {
            ranked = gather(ranked, pool, all.vector().get());
        }
        List<Found> folded = Folding.fold(ranked);
        List<Found> reranked = parts.reranker()
                .map(reranker -> trace.time(
                        "rerank",
                        () -> new Reranking(reranker, deadline, trace)
                                .apply(request.query(), folded, members::excerpt)))
                .orElse(folded);
        List<Found> current = has(SearchStage.SETTLE)
                ? trace.time("settle", () -> members.byCube(reranked, Search::settle))
                : reranked;
        List<Found> whole = has(SearchStage.EPISODES) && analysis.asks(Aspect.OVERVIEW)
                ? trace.time("episodes", () -> members.byCube(current, Search::episodes))
                : current;
        return has(SearchStage.STANDING) ? trace.time("standing", () -> withStanding(whole, pool)) : whole;
    }

    private boolean has(SearchStage stage) {
        return !parts.omitted().contains(stage);
    }

    /** Every member weighs its part of the head; an item that several bring in is its best part's. */
    private List<Found> rank(List<Fused> fused, Map<ItemId, Member> owners) {
        Map<Member, List<Fused>> own = new LinkedHashMap<>();
        members.head(fused)
                .forEach(each -> Optional.ofNullable(owners.get(each.item()))
                        .ifPresent(member -> own.computeIfAbsent(member, key -> new ArrayList<>())
                                .add(each)));
        Map<ItemId, Found> found = new LinkedHashMap<>();
        members.each(own, Search::rank).values().stream()
                .flatMap(List::stream)
                .sorted(Found.BEST_FIRST)
                .forEach(each -> found.putIfAbsent(each.id(), each));
        return List.copyOf(found.values());
    }

    private List<Found> gather(List<Found> ranked, Pool pool, byte[] query) {
        return trace.time("gather", () -> {
            List<Found> exemplars = ranked.stream().limit(Search.EXEMPLARS).toList();
            byte[] moved = new PassageVectors(this::vectors).towards(query, exemplars);
            Ranking near = join(members.all(search -> search.near(moved)), pool.owners);
            List<Candidate> words = pool.proposed.lexical().candidates();
            return rank(Fusion.fuse(words, near.candidates(), Fusion.DENSE_WEIGHT_WHEN_GATHERING), pool.owners);
        });
    }

    private List<PassageVector> vectors(Collection<ItemId> ids) {
        return parts.vault()
                .read(reader -> members.present().stream()
                        .flatMap(member -> reader.vectors(member.search().cube().key(), ids).stream())
                        .toList());
    }

    private List<Found> withStanding(List<Found> ranked, Pool pool) {
        Map<Member, List<Candidate>> own = new LinkedHashMap<>();
        pool.proposed
                .standing()
                .candidates()
                .forEach(each -> Optional.ofNullable(pool.owners.get(each.item()))
                        .ifPresent(member -> own.computeIfAbsent(member, key -> new ArrayList<>())
                                .add(each)));
        Likeness likeness = Likeness.of(pool.proposed);
        BiFunction<Search, List<Candidate>, List<Likely>> load = (search, part) -> search.standing(part, likeness);
        List<Likely> near = members.each(own, load).values().stream()
                .flatMap(List::stream)
                .sorted(Comparator.comparingDouble(Likely::likeness).reversed())
                .toList();
        return StandingMemories.place(ranked, StandingMemories.applicable(near, analysis), request.limit());
    }

    private Packed pack(List<Found> found) {
        Packed packed = new Packing(parts.zone(), request, members::excerpt, CompositeSearch::provenance).pack(found);
        List<String> lines = packed.context().lines().toList();
        members.present()
                .forEach(
                        member -> parts.recent().returned(member.search().cube().key(), lines));
        return packed;
    }

    /** Which cube an item is from, as a context of several cubes says it. */
    private static String provenance(MemoryItem item) {
        return "(" + item.cube() + ") ";
    }
}
