package io.memos4j.core.operator;

import io.memos4j.api.ItemId;
import io.memos4j.core.operator.Fusion.Fused;
import io.memos4j.spi.Candidate;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class FusionTest {
    private static final ItemId A = id(1);
    private static final ItemId B = id(2);
    private static final ItemId C = id(3);

    @Test
    void anItemThatBothRankingsLikeComesFirst() {
        List<Fused> fused = Fusion.fuse(
                List.of(new Candidate(A, 0, 9f), new Candidate(B, 0, 8f)),
                List.of(new Candidate(C, 0, 0.9f), new Candidate(B, 0, 0.88f), new Candidate(A, 0, 0.3f)),
                Fusion.DENSE_WEIGHT);
        assertThat(fused).extracting(Fused::item).first().isEqualTo(B);
    }

    @Test
    void scoresStayBetweenZeroAndOne() {
        List<Fused> fused = Fusion.fuse(
                List.of(new Candidate(A, 0, 31f), new Candidate(B, 2, 0.001f)),
                List.of(new Candidate(A, 0, 0.99f), new Candidate(C, 0, -0.5f)),
                Fusion.DENSE_WEIGHT);
        assertThat(fused)
                .extracting(Fused::score)
                .allSatisfy(score -> assertThat(score).isBetween(0.0, 1.0));
        assertThat(fused.getFirst().score()).isEqualTo(1.0);
    }

    @Test
    void oneRankingAloneDecidesWhereTheOtherIsEmpty() {
        List<Candidate> ranking = List.of(new Candidate(B, 0, 4f), new Candidate(A, 0, 2f));
        assertThat(Fusion.fuse(ranking, List.of(), Fusion.DENSE_WEIGHT))
                .extracting(Fused::item)
                .containsExactly(B, A);
        assertThat(Fusion.fuse(List.of(), ranking, Fusion.DENSE_WEIGHT))
                .extracting(Fused::item)
                .containsExactly(B, A);
        assertThat(Fusion.fuse(List.of(), List.of(), Fusion.DENSE_WEIGHT)).isEmpty();
    }

    @Test
    void anItemCountsOnceWithItsBestPassageFirst() {
        List<Fused> fused = Fusion.fuse(
                List.of(new Candidate(A, 3, 9f), new Candidate(A, 1, 5f), new Candidate(B, 0, 4f)),
                List.of(),
                Fusion.DENSE_WEIGHT);
        assertThat(fused).hasSize(2);
        assertThat(fused.getFirst().passages().getFirst().passage()).isEqualTo(3);
        assertThat(fused.get(1).lexicalRank()).isEqualTo(2);
    }

    private static ItemId id(long number) {
        return new ItemId(new UUID(0, number));
    }
}
