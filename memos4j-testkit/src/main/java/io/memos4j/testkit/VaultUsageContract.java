package io.memos4j.testkit;

import io.memos4j.api.ItemId;
import io.memos4j.api.ItemState;
import io.memos4j.api.ItemVersion;
import io.memos4j.api.MemoryItem;
import io.memos4j.api.Policy;
import io.memos4j.spi.Aging;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.Held;
import io.memos4j.spi.UsageReader;
import io.memos4j.spi.Use;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What every vault must do with use, times to live, policies and working memory. */
abstract class VaultUsageContract extends VaultSuccessionContract {
    private static final Use ONCE = new Use(1, 1.5, SampleItems.time(5));

    private <T> T usage(Function<UsageReader, T> work) {
        return vault.read(reader -> work.apply(reader.usage()));
    }

    private void use(long number, Use use) {
        write(writer -> writer.usage().use(cube.key(), Map.of(SampleItems.id(number), use)));
    }

    private void hold(String session, long minute, long... numbers) {
        List<Held> held = ids(numbers).stream()
                .map(id -> new Held(id, 1, SampleItems.time(minute), "found"))
                .toList();
        write(writer -> writer.usage().hold(cube.key(), session, held));
    }

    private List<ItemId> held(String session) {
        return this.<List<Held>>usage(usage -> usage.held(cube.key(), session)).stream()
                .map(Held::item)
                .toList();
    }

    private void insertMortal(long number, long minute) {
        insert(SampleItems.message(number, "mortal " + number).expiring(Optional.of(SampleItems.time(minute))));
    }

    private List<ItemId> due(long minute) {
        return this.<List<ItemId>>usage(usage -> usage.due(cube.key(), SampleItems.time(minute), 10));
    }

    private Optional<Instant> next() {
        return this.<Optional<Instant>>usage(usage -> usage.nextExpiry(cube.key()));
    }

    @Test
    void theTimeToLiveIsPartOfAnItemAndOfItsVersions() {
        insertMortal(1, 30);
        MemoryItem item = vault.<List<MemoryItem>>read(reader -> reader.items(cube.key(), ids(1)))
                .getFirst();
        assertThat(item.times().expiresAt()).contains(SampleItems.time(30));
        replace(SampleItems.revised(item, "without an end"));
        assertThat(vault.<List<ItemVersion>>read(reader -> reader.history(cube.key(), item.id())))
                .extracting(version -> version.item().times().expiresAt())
                .containsExactly(Optional.of(SampleItems.time(30)), Optional.empty());
        assertThat(next()).isEmpty();
    }

    @Test
    void dueIsWhatIsPastItsTimeToLiveEarliestFirst() {
        insertMortal(1, 30);
        insertMortal(2, 20);
        insertMortal(3, 40);
        insertMessages(4);
        CubeRow elsewhere = other();
        assertThat(next()).contains(SampleItems.time(20));
        assertThat(due(19)).isEmpty();
        assertThat(due(20)).isEqualTo(ids(2));
        assertThat(due(35)).isEqualTo(ids(2, 1));
        assertThat(this.<List<ItemId>>usage(usage -> usage.due(cube.key(), SampleItems.time(99), 2)))
                .isEqualTo(ids(2, 1));
        assertThat(this.<List<ItemId>>usage(usage -> usage.due(elsewhere.key(), SampleItems.time(99), 9)))
                .isEmpty();
    }

    @Test
    void onlyWhatCanExpireIsDue() {
        int number = 0;
        for (ItemState state : ItemState.values()) {
            insert(SampleItems.message(++number, state.id())
                    .withState(state)
                    .expiring(Optional.of(SampleItems.time(number))));
        }
        assertThat(due(99)).isEqualTo(ids(1, 2, 4));
        erase(1);
        assertThat(next()).contains(SampleItems.time(2));
    }

    @Test
    void aCubeHasTheDefaultPolicyUntilAnotherIsSet() {
        Policy policy = new Policy(Duration.ofDays(7), 0.25, 1_000, Optional.of(Duration.ofDays(90)));
        assertThat(this.<Policy>usage(usage -> usage.policy(cube.key()))).isEqualTo(Policy.DEFAULT);
        write(writer -> writer.usage().policy(cube.key(), policy));
        assertThat(this.<Policy>usage(usage -> usage.policy(cube.key()))).isEqualTo(policy);
        assertThat(this.<Policy>usage(usage -> usage.policy(other().key()))).isEqualTo(Policy.DEFAULT);
        write(writer -> writer.usage().policy(cube.key(), Policy.DEFAULT));
        assertThat(this.<Policy>usage(usage -> usage.policy(cube.key()))).isEqualTo(Policy.DEFAULT);
        write(writer -> writer.deleteCube(cube.key()));
        assertThat(this.<Policy>usage(usage -> usage.policy(cube.key()))).isEqualTo(Policy.DEFAULT);
    }

    @Test
    void useIsReplacedByTheLaterRecord() {
        insertMessages(1, 2);
        use(1, ONCE);
        Use twice = new Use(2, 2.25, SampleItems.time(7));
        use(1, twice);
        use(99, ONCE);
        assertThat(this.<Map<ItemId, Use>>usage(usage -> usage.uses(cube.key(), ids(1, 2, 99))))
                .isEqualTo(Map.of(SampleItems.id(1), twice));
        erase(1);
        assertThat(this.<Map<ItemId, Use>>usage(usage -> usage.uses(cube.key(), ids(1))))
                .isEmpty();
    }

    @Test
    void whatWasUsedLastComesFirst() {
        insertMessages(1, 2, 3);
        use(1, new Use(1, 1, SampleItems.time(8)));
        use(2, new Use(1, 1, SampleItems.time(9)));
        use(3, new Use(1, 1, SampleItems.time(7)));
        assertThat(this.<List<Map.Entry<ItemId, Use>>>usage(usage -> usage.lastUsed(cube.key(), 2)))
                .extracting(Map.Entry::getKey)
                .isEqualTo(ids(2, 1));
    }

    @Test
    void agingItemsAreTheActivatedOnesInOrderOfInsertion() {
        insertMessages(3);
        claim(1, "residence", "paris");
        insert(SampleItems.message(4, "archived").withState(ItemState.ARCHIVED));
        insertMessages(2);
        use(3, ONCE);
        List<Aging> aging = this.<List<Aging>>usage(usage -> usage.aging(cube.key(), 0, 10));
        assertThat(aging).extracting(Aging::item).isEqualTo(ids(3, 1, 2));
        assertThat(aging).extracting(Aging::claims).containsExactly(false, true, false);
        assertThat(aging).extracting(Aging::use).containsExactly(Optional.of(ONCE), Optional.empty(), Optional.empty());
        assertThat(aging).extracting(Aging::recordedAt).startsWith(SampleItems.time(3));
        assertThat(this.<List<Aging>>usage(
                        usage -> usage.aging(cube.key(), aging.getFirst().ordinal(), 1)))
                .isEqualTo(aging.subList(1, 2));
    }

    @Test
    void activatedAndFrozenItemsAreRecalled() {
        int number = 0;
        for (ItemState state : ItemState.values()) {
            insert(SampleItems.message(++number, state.id()).withState(state));
        }
        assertThat(this.<Long>usage(usage -> usage.recalled(cube.key()))).isEqualTo(2);
    }

    @Test
    void aSessionHoldsWhatItWasGivenLast() {
        insertMessages(1, 2, 3);
        hold("a", 1, 1, 2);
        hold("b", 1, 2);
        hold("a", 2, 2, 3, 99);
        assertThat(held("a")).containsExactlyInAnyOrderElementsOf(ids(2, 3));
        assertThat(held("b")).isEqualTo(ids(2));
        Held exact = new Held(SampleItems.id(1), 0.75, SampleItems.time(9), "said");
        write(writer -> writer.usage().hold(cube.key(), "b", List.of(exact)));
        assertThat(this.<List<Held>>usage(usage -> usage.held(cube.key(), "b"))).containsExactly(exact);
        erase(3);
        assertThat(held("a")).isEqualTo(ids(2));
    }

    @Test
    void theSessionsThatWereTouchedLastAreKept() {
        insertMessages(1);
        CubeRow other = other();
        IntStream.rangeClosed(1, 5).forEach(minute -> hold("session " + minute, minute, 1));
        write(writer -> writer.usage().keepSessions(other.key(), 0));
        write(writer -> writer.usage().keepSessions(cube.key(), 2));
        assertThat(held("session 3")).isEmpty();
        assertThat(held("session 4")).isEqualTo(ids(1));
        assertThat(held("session 5")).isEqualTo(ids(1));
    }

    @Test
    void itemsHeldBesideTheseInOtherSessionsComeByWhatTheSessionsShare() {
        insertMessages(1, 2, 3, 4, 5);
        hold("now", 9, 1, 2);
        hold("near", 1, 1, 2, 3);
        hold("far", 2, 2, 4);
        hold("strange", 3, 5);
        assertThat(this.<List<ItemId>>usage(usage -> usage.heldWith(cube.key(), "now", ids(1, 2), 10)))
                .isEqualTo(ids(3, 4));
        assertThat(this.<List<ItemId>>usage(usage -> usage.heldWith(cube.key(), "now", ids(1, 2), 1)))
                .isEqualTo(ids(3));
        assertThat(this.<List<ItemId>>usage(usage -> usage.heldWith(cube.key(), "strange", ids(5), 10)))
                .isEmpty();
    }
}
