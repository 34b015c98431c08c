package io.memos4j.testkit.vault;

import io.memos4j.api.ItemId;
import io.memos4j.api.history.ItemVersion;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.retention.RetentionPolicy;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.retention.AgingItem;
import io.memos4j.spi.retention.UsageReader;
import io.memos4j.spi.retention.UsageRecord;
import io.memos4j.spi.retention.UsedItem;
import io.memos4j.spi.retention.WorkingMemoryEntry;
import io.memos4j.testkit.SampleItems;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Contract of vaults for usage, times to live, policies and working memory. */
abstract class VaultUsageContract extends VaultSupersessionContract {
    private static final UsageRecord ONCE = new UsageRecord(1, 1.5, SampleItems.time(5));

    private <T> T usage(Function<UsageReader, T> work) {
        return vault.read(reader -> work.apply(reader.usage()));
    }

    private void use(long number, UsageRecord use) {
        write(writer -> writer.usage().recordItemUsage(cube.key(), Map.of(SampleItems.id(number), use)));
    }

    private void hold(String session, long minute, long... numbers) {
        List<WorkingMemoryEntry> held = ids(numbers).stream()
                .map(id -> new WorkingMemoryEntry(id, 1, SampleItems.time(minute), "found"))
                .toList();
        write(writer -> writer.usage().replaceWorkingMemory(cube.key(), session, held));
    }

    private List<ItemId> held(String session) {
        return this.<List<WorkingMemoryEntry>>usage(usage -> usage.workingMemory(cube.key(), session)).stream()
                .map(WorkingMemoryEntry::item)
                .toList();
    }

    private void insertMortal(long number, long minute) {
        insert(SampleItems.message(number, "mortal " + number).expiring(Optional.of(SampleItems.time(minute))));
    }

    private List<ItemId> due(long minute) {
        return this.<List<ItemId>>usage(usage -> usage.findExpired(cube.key(), SampleItems.time(minute), 10));
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
        assertThat(vault.<List<ItemVersion>>read(reader -> reader.versions(cube.key(), item.id())))
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
        assertThat(this.<List<ItemId>>usage(usage -> usage.findExpired(cube.key(), SampleItems.time(99), 2)))
                .isEqualTo(ids(2, 1));
        assertThat(this.<List<ItemId>>usage(usage -> usage.findExpired(elsewhere.key(), SampleItems.time(99), 9)))
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
        assertThat(due(99)).isEqualTo(ids(1, 2, 4, 6));
        erase(1);
        assertThat(next()).contains(SampleItems.time(2));
    }

    @Test
    void aCubeHasTheDefaultPolicyUntilAnotherIsSet() {
        RetentionPolicy policy = new RetentionPolicy(
                Duration.ofDays(7), 0.25, 1_000, Optional.of(Duration.ofDays(90)), Duration.ofHours(1));
        assertThat(this.<RetentionPolicy>usage(usage -> usage.policy(cube.key())))
                .isEqualTo(RetentionPolicy.DEFAULT);
        write(writer -> writer.usage().policy(cube.key(), policy));
        assertThat(this.<RetentionPolicy>usage(usage -> usage.policy(cube.key())))
                .isEqualTo(policy);
        assertThat(this.<RetentionPolicy>usage(usage -> usage.policy(other().key())))
                .isEqualTo(RetentionPolicy.DEFAULT);
        write(writer -> writer.usage().policy(cube.key(), RetentionPolicy.DEFAULT));
        assertThat(this.<RetentionPolicy>usage(usage -> usage.policy(cube.key())))
                .isEqualTo(RetentionPolicy.DEFAULT);
        write(writer -> writer.deleteCube(cube.key()));
        assertThat(this.<RetentionPolicy>usage(usage -> usage.policy(cube.key())))
                .isEqualTo(RetentionPolicy.DEFAULT);
    }

    @Test
    void useIsReplacedByTheLaterRecord() {
        insertMessages(1, 2);
        use(1, ONCE);
        UsageRecord twice = new UsageRecord(2, 2.25, SampleItems.time(7));
        use(1, twice);
        use(99, ONCE);
        assertThat(this.<Map<ItemId, UsageRecord>>usage(usage -> usage.itemUsage(cube.key(), ids(1, 2, 99))))
                .isEqualTo(Map.of(SampleItems.id(1), twice));
        erase(1);
        assertThat(this.<Map<ItemId, UsageRecord>>usage(usage -> usage.itemUsage(cube.key(), ids(1))))
                .isEmpty();
    }

    @Test
    void whatWasUsedLastComesFirst() {
        insertMessages(1, 2, 3);
        use(1, new UsageRecord(1, 1, SampleItems.time(8)));
        use(2, new UsageRecord(1, 1, SampleItems.time(9)));
        use(3, new UsageRecord(1, 1, SampleItems.time(7)));
        assertThat(this.<List<UsedItem>>usage(usage -> usage.lastUsed(cube.key(), 2)))
                .extracting(UsedItem::item)
                .isEqualTo(ids(2, 1));
    }

    @Test
    void agingItemsAreTheActivatedOnesInOrderOfInsertion() {
        insertMessages(3);
        claim(1, "residence", "paris");
        insert(SampleItems.message(4, "archived").withState(ItemState.ARCHIVED));
        insertMessages(2);
        use(3, ONCE);
        List<AgingItem> aging = this.<List<AgingItem>>usage(usage -> usage.agingItems(cube.key(), 0, 10));
        assertThat(aging).extracting(AgingItem::item).isEqualTo(ids(3, 1, 2));
        assertThat(aging).extracting(AgingItem::claims).containsExactly(false, true, false);
        assertThat(aging)
                .extracting(AgingItem::use)
                .containsExactly(Optional.of(ONCE), Optional.empty(), Optional.empty());
        assertThat(aging).extracting(AgingItem::recordedAt).startsWith(SampleItems.time(3));
        assertThat(this.<List<AgingItem>>usage(
                        usage -> usage.agingItems(cube.key(), aging.getFirst().ordinal(), 1)))
                .isEqualTo(aging.subList(1, 2));
    }

    @Test
    void activatedAndFrozenItemsAreRecalled() {
        int number = 0;
        for (ItemState state : ItemState.values()) {
            insert(SampleItems.message(++number, state.id()).withState(state));
        }
        assertThat(this.<Long>usage(usage -> usage.countRecalled(cube.key()))).isEqualTo(2);
    }

    @Test
    void aSessionHoldsWhatItWasGivenLast() {
        insertMessages(1, 2, 3);
        hold("a", 1, 1, 2);
        hold("b", 1, 2);
        hold("a", 2, 2, 3, 99);
        assertThat(held("a")).containsExactlyInAnyOrderElementsOf(ids(2, 3));
        assertThat(held("b")).isEqualTo(ids(2));
        WorkingMemoryEntry exact = new WorkingMemoryEntry(SampleItems.id(1), 0.75, SampleItems.time(9), "said");
        write(writer -> writer.usage().replaceWorkingMemory(cube.key(), "b", List.of(exact)));
        assertThat(this.<List<WorkingMemoryEntry>>usage(usage -> usage.workingMemory(cube.key(), "b")))
                .containsExactly(exact);
        erase(3);
        assertThat(held("a")).isEqualTo(ids(2));
    }

    @Test
    void theSessionsThatWereTouchedLastAreKept() {
        insertMessages(1);
        CubeRow other = other();
        IntStream.rangeClosed(1, 5).forEach(minute -> hold("session " + minute, minute, 1));
        write(writer -> writer.usage().retainSessions(other.key(), 0));
        write(writer -> writer.usage().retainSessions(cube.key(), 2));
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
        assertThat(this.<List<ItemId>>usage(usage -> usage.findCoOccurring(cube.key(), "now", ids(1, 2), 10)))
                .isEqualTo(ids(3, 4));
        assertThat(this.<List<ItemId>>usage(usage -> usage.findCoOccurring(cube.key(), "now", ids(1, 2), 1)))
                .isEqualTo(ids(3));
        assertThat(this.<List<ItemId>>usage(usage -> usage.findCoOccurring(cube.key(), "strange", ids(5), 10)))
                .isEmpty();
    }
}
