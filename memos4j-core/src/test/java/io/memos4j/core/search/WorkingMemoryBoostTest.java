package io.memos4j.core.search;

import io.memos4j.api.ItemId;
import io.memos4j.core.search.CandidateRetriever.CandidateRankings;
import io.memos4j.spi.index.CubeIndex.Ranking;
import io.memos4j.spi.index.PassageCandidate;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The working memory of a session among the candidates of a search. */
class WorkingMemoryBoostTest {
    private static final Ranking NONE = new Ranking(List.of(), true);

    private static ItemId id(int number) {
        return new ItemId(new UUID(0, number));
    }

    private static CandidateRankings lexical(PassageCandidate... candidates) {
        return new CandidateRankings(new Ranking(List.of(candidates), true), NONE, NONE, Optional.empty());
    }

    private static PassageCandidate candidate(int item, float score) {
        return new PassageCandidate(id(item), 0, score);
    }

    @Test
    void theItemsOfEveryCubeJoinTheCandidatesInOrderOfTheirOwnScores() {
        CandidateRankings joined = WorkingMemoryBoost.addCandidates(
                lexical(candidate(1, 9), candidate(2, 5)), List.of(lexical(candidate(3, 7)), lexical(candidate(4, 1))));
        assertThat(joined.lexical().candidates())
                .extracting(PassageCandidate::item)
                .containsExactly(id(1), id(3), id(2), id(4));
    }

    @Test
    void aPassageThatWasProposedAnywayIsThereOnce() {
        CandidateRankings proposed = lexical(candidate(1, 9));
        CandidateRankings joined = WorkingMemoryBoost.addCandidates(proposed, List.of(proposed));
        assertThat(joined.lexical().candidates()).hasSize(1);
    }

    @Test
    void withoutWorkingMemoryNothingChanges() {
        CandidateRankings proposed = lexical(candidate(1, 9));
        assertThat(WorkingMemoryBoost.addCandidates(proposed, List.of())).isSameAs(proposed);
        assertThat(new WorkingMemoryBoost(List.of()).boost(List.of())).isEmpty();
    }
}
