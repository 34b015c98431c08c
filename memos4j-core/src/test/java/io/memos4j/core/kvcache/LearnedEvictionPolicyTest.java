package io.memos4j.core.kvcache;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class LearnedEvictionPolicyTest {
    private final LearnedEvictionPolicy<String> residence = new LearnedEvictionPolicy<>(100);

    @Test
    void whatIsNotExpectedAgainGoesFirst() {
        residence.use("profile", 40, true);
        residence.use("question", 40, false);
        residence.use("rules", 20, true);
        assertThat(residence.use("document", 30, true)).containsExactly("question");
        assertThat(residence.bytes()).isEqualTo(90);
        assertThat(residence.explain()).contains("not expected to be used again");
    }

    @Test
    void whatIsLargerThanTheBudgetIsNotAdmitted() {
        residence.use("profile", 40, true);
        assertThat(residence.use("library", 101, true)).containsExactly("library");
        assertThat(residence.contains("library")).isFalse();
        assertThat(residence.contains("profile")).isTrue();
    }

    @Test
    void whatGrowsPastTheBudgetIsGivenUp() {
        residence.use("notes", 40, true);
        assertThat(residence.use("notes", 140, true)).containsExactly("notes");
        assertThat(residence.bytes()).isZero();
    }

    @Test
    void anotherSizeReplacesTheOldOne() {
        residence.use("notes", 40, true);
        residence.use("notes", 60, true);
        assertThat(residence.bytes()).isEqualTo(60);
    }

    @Test
    void aSmallerBudgetEvictsAtOnce() {
        residence.use("old", 50, true);
        residence.use("new", 50, true);
        assertThat(residence.resize(60)).containsExactly("old");
        assertThat(residence.resize(0)).containsExactly("new");
        assertThat(residence.use("new", 1, true)).containsExactly("new");
    }

    @Test
    void afterABudgetOfNeedlessMissesLruTakesOver() {
        for (int i = 0; residence.explain().startsWith("What"); i++) {
            assertThat(i).isLessThan(10);
            residence.use("profile", 50, false);
            residence.use("passing " + i, 50, true);
        }
        assertThat(residence.explain()).contains("predictions have cost");
    }

    @Test
    void sizesAndBudgetsThatCannotBeAreRefused() {
        assertThatThrownBy(() -> residence.use("nothing", 0, true)).hasMessageContaining("nothing of 0 bytes");
        assertThatThrownBy(() -> new LearnedEvictionPolicy<String>(-1)).hasMessageContaining("-1 bytes");
        assertThatThrownBy(() -> residence.resize(-1)).hasMessageContaining("-1 bytes");
    }
}
