package io.memos4j.core.search;

import io.memos4j.api.ItemId;
import io.memos4j.core.search.CandidateRetriever.Proposed;
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

    private static Proposed lexical(PassageCandidate... candidates) {
        return new Proposed(new Ranking(List.of(candidates), true), NONE, NONE, Optional.empty());
    }

    private static PassageCandidate candidate(int item, float score) {
        return new PassageCandidate(id(item), 0, score);
    }

    @Test
    void theItemsOfEveryCubeJoinTheCandidatesInOrderOfTheirOwnScores() {
        Proposed joined = WorkingMemoryBoost.join(
                lexical(candidate(1, 9), candidate(2, 5)), List.of(lexical(candidate(3, 7)), lexical(candidate(4, 1))));
        assertThat(joined.lexical().candidates())
                .extracting(PassageCandidate::item)
                .containsExactly(id(1), id(3), id(2), id(4));
    }

    @Test
    void aPassageThatWasProposedAnywayIsThereOnce() {
        Proposed joined = WorkingMemoryBoost.join(lexical(candidate(1, 9)), List.of(lexical(candidate(1, 9))));
        assertThat(joined.lexical().candidates()).hasSize(1);
    }

    @Test
    void withoutWorkingMemoryNothingChanges() {
        Proposed proposed = lexical(candidate(1, 9));
        assertThat(WorkingMemoryBoost.join(proposed, List.of())).isSameAs(proposed);
        assertThat(new WorkingMemoryBoost(List.of()).favour(List.of())).isEmpty();
    }
}
