package io.memos4j.core.kvcache;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class LearnedEvictionPolicyTest {
    private final LearnedEvictionPolicy<String> policy = new LearnedEvictionPolicy<>(100);

    @Test
    void whatIsNotExpectedAgainGoesFirst() {
        policy.use("profile", 40, true);
        policy.use("question", 40, false);
        policy.use("rules", 20, true);
        assertThat(policy.use("document", 30, true)).containsExactly("question");
        assertThat(policy.bytes()).isEqualTo(90);
    }

    @Test
    void whatIsLargerThanTheBudgetIsNotAdmitted() {
        policy.use("profile", 40, true);
        assertThat(policy.use("library", 101, true)).containsExactly("library");
        assertThat(policy.contains("library")).isFalse();
        assertThat(policy.contains("profile")).isTrue();
    }

    @Test
    void whatGrowsPastTheBudgetIsGivenUp() {
        policy.use("notes", 40, true);
        assertThat(policy.use("notes", 140, true)).containsExactly("notes");
        assertThat(policy.bytes()).isZero();
    }

    @Test
    void anotherSizeReplacesTheOldOne() {
        policy.use("notes", 40, true);
        policy.use("notes", 60, true);
        assertThat(policy.bytes()).isEqualTo(60);
    }

    @Test
    void aSmallerBudgetEvictsAtOnce() {
        policy.use("old", 50, true);
        policy.use("new", 50, true);
        assertThat(policy.resize(60)).containsExactly("old");
        assertThat(policy.resize(0)).containsExactly("new");
        assertThat(policy.use("new", 1, true)).containsExactly("new");
    }

    @Test
    void afterABudgetOfNeedlessMissesLruTakesOver() {
        assertThat(evictedAfterOldAndUnexpected("1")).isEqualTo("unexpected 1");
        for (int i = 0; i < 10; i++) {
            policy.use("profile", 50, false);
            policy.use("passing " + i, 50, true);
        }
        assertThat(evictedAfterOldAndUnexpected("2")).isEqualTo("old 2");
    }

    /** Fills the budget with an old entry and an unexpected one, and returns which of them goes first. */
    private String evictedAfterOldAndUnexpected(String round) {
        policy.use("old " + round, 50, true);
        policy.use("unexpected " + round, 50, false);
        return policy.use("new " + round, 50, true).getFirst();
    }

    @Test
    void sizesAndBudgetsThatCannotBeAreRefused() {
        assertThatThrownBy(() -> policy.use("nothing", 0, true)).hasMessageContaining("nothing of 0 bytes");
        assertThatThrownBy(() -> new LearnedEvictionPolicy<String>(-1)).hasMessageContaining("-1 bytes");
        assertThatThrownBy(() -> policy.resize(-1)).hasMessageContaining("-1 bytes");
    }
}
