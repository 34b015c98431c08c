package io.memos4j.core.search;

import io.memos4j.api.ItemId;
import io.memos4j.core.search.ScoreFusion.FusedCandidate;
import io.memos4j.spi.index.PassageCandidate;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ScoreFusionTest {
    private static final ItemId A = id(1);
    private static final ItemId B = id(2);
    private static final ItemId C = id(3);

    @Test
    void anItemThatBothRankingsLikeComesFirst() {
        List<FusedCandidate> fused = ScoreFusion.fuse(
                List.of(new PassageCandidate(A, 0, 9f), new PassageCandidate(B, 0, 8f)),
                List.of(
                        new PassageCandidate(C, 0, 0.9f),
                        new PassageCandidate(B, 0, 0.88f),
                        new PassageCandidate(A, 0, 0.3f)),
                ScoreFusion.DENSE_WEIGHT);
        assertThat(fused).extracting(FusedCandidate::item).first().isEqualTo(B);
    }

    @Test
    void scoresStayBetweenZeroAndOne() {
        List<FusedCandidate> fused = ScoreFusion.fuse(
                List.of(new PassageCandidate(A, 0, 31f), new PassageCandidate(B, 2, 0.001f)),
                List.of(new PassageCandidate(A, 0, 0.99f), new PassageCandidate(C, 0, -0.5f)),
                ScoreFusion.DENSE_WEIGHT);
        assertThat(fused)
                .extracting(FusedCandidate::score)
                .allSatisfy(score -> assertThat(score).isBetween(0.0, 1.0));
        assertThat(fused.getFirst().score()).isEqualTo(1.0);
    }

    @Test
    void oneRankingAloneDecidesWhereTheOtherIsEmpty() {
        List<PassageCandidate> ranking = List.of(new PassageCandidate(B, 0, 4f), new PassageCandidate(A, 0, 2f));
        assertThat(ScoreFusion.fuse(ranking, List.of(), ScoreFusion.DENSE_WEIGHT))
                .extracting(FusedCandidate::item)
                .containsExactly(B, A);
        assertThat(ScoreFusion.fuse(List.of(), ranking, ScoreFusion.DENSE_WEIGHT))
                .extracting(FusedCandidate::item)
                .containsExactly(B, A);
        assertThat(ScoreFusion.fuse(List.of(), List.of(), ScoreFusion.DENSE_WEIGHT))
                .isEmpty();
    }

    @Test
    void anItemCountsOnceWithItsBestPassageFirst() {
        List<FusedCandidate> fused = ScoreFusion.fuse(
                List.of(new PassageCandidate(A, 3, 9f), new PassageCandidate(A, 1, 5f), new PassageCandidate(B, 0, 4f)),
                List.of(),
                ScoreFusion.DENSE_WEIGHT);
        assertThat(fused).hasSize(2);
        assertThat(fused.getFirst().passages().getFirst().passage()).isEqualTo(3);
        assertThat(fused.get(1).lexicalRank()).isEqualTo(2);
    }

    private static ItemId id(long number) {
        return new ItemId(new UUID(0, number));
    }
}
