package io.memos4j.core.search;

import io.memos4j.api.ItemId;
import io.memos4j.core.search.CandidateRetriever.CandidateRankings;
import io.memos4j.core.search.CubeSearch.CubeCandidates;
import io.memos4j.core.search.MemberSearches.Member;
import io.memos4j.spi.index.CubeIndex.Ranking;
import io.memos4j.spi.index.PassageCandidate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The candidates of all cubes of a search, ranked as if one cube had proposed them and cut where one cube would cut
 * them. Knows which cube each candidate is from; an item that several cubes hold belongs to the first one. Not
 * thread-safe.
 */
final class CandidatePool {
    private final Map<ItemId, Member> owners = new HashMap<>();
    private final Member first;
    private final boolean single;
    private final int limit;
    private final CandidateRankings proposed;

    /** @param answers what each cube proposed; at least one */
    CandidatePool(Map<Member, CubeCandidates> answers) {
        this.first = answers.keySet().iterator().next();
        this.single = answers.size() == 1;
        this.limit = first.search().limit();
        if (!single) {
            answers.forEach(this::claim);
        }
        Map<Member, CandidateRankings> each = new LinkedHashMap<>();
        answers.forEach((member, candidates) -> each.put(member, candidates.proposed()));
        CandidateRankings pooled = new CandidateRankings(
                join(each, CandidateRankings::lexical, limit),
                join(each, CandidateRankings::dense, limit),
                join(each, CandidateRankings::standing, StandingMemories.CANDIDATES),
                each.values().stream().flatMap(one -> one.vector().stream()).findFirst());
        this.proposed = WorkingMemoryBoost.addCandidates(
                pooled,
                answers.values().stream()
                        .flatMap(candidates -> candidates.remembered().stream())
                        .toList());
    }

    private void claim(Member member, CubeCandidates candidates) {
        Stream.concat(Stream.of(candidates.proposed()), candidates.remembered().stream())
                .flatMap(each -> Stream.of(each.lexical(), each.dense(), each.standing()))
                .flatMap(ranking -> ranking.candidates().stream())
                .forEach(candidate -> owners.putIfAbsent(candidate.item(), member));
    }

    /** The candidates of all cubes, with comparable scores. */
    CandidateRankings proposed() {
        return proposed;
    }

    /** One ranking of several that have comparable scores. */
    Ranking join(Map<Member, Ranking> rankings) {
        return join(rankings, ranking -> ranking, limit);
    }

    private <T> Ranking join(Map<Member, T> answers, Function<T, Ranking> which, int most) {
        if (single && !answers.isEmpty()) {
            return which.apply(answers.values().iterator().next());
        }
        List<PassageCandidate> candidates = new ArrayList<>();
        answers.forEach((member, answer) -> which.apply(answer).candidates().stream()
                .filter(each -> owners.computeIfAbsent(each.item(), id -> member) == member)
                .forEach(candidates::add));
        candidates.sort(Comparator.comparing(PassageCandidate::score).reversed());
        boolean complete = answers.values().stream().map(which).allMatch(Ranking::complete);
        return new Ranking(candidates.subList(0, Math.min(candidates.size(), most)), complete);
    }

    /** Splits a list by the cube that each entry's item is from, in order. */
    <T> Map<Member, List<T>> byOwner(List<T> list, Function<T, ItemId> item) {
        if (single) {
            return Map.of(first, list);
        }
        Map<Member, List<T>> shares = new LinkedHashMap<>();
        list.forEach(each -> Optional.ofNullable(owners.get(item.apply(each)))
                .ifPresent(member ->
                        shares.computeIfAbsent(member, key -> new ArrayList<>()).add(each)));
        return shares;
    }
}
