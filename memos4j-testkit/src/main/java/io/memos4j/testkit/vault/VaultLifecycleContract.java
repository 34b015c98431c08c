package io.memos4j.testkit.vault;

import io.memos4j.api.ItemId;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Selection;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.items.InsertedItem;
import io.memos4j.spi.items.PassageVector;
import io.memos4j.spi.vault.ModelSpending;
import io.memos4j.testkit.SampleItems;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Contract of vaults for marks, spending and ratings, and for the deletion of cubes with all of it. */
abstract class VaultLifecycleContract extends VaultRelationContract {
    private static final Filter READABLE =
            Filter.and(Filter.type(ItemType.MESSAGE), Filter.eq("state", ItemState.ACTIVATED.id()));

    private static final LocalDate DAY = LocalDate.of(2025, 3, 1);

    @Test
    void activatedMessagesAreUnreadInOrderOfInsertion() {
        insertMessages(3, 1);
        insert(SampleItems.derived(4, "no message", SampleItems.id(1)));
        insert(SampleItems.message(5, "archived").withState(ItemState.ARCHIVED));
        insertMessages(2);
        List<InsertedItem> unread = unread(10);
        assertThat(unread)
                .extracting(InsertedItem::item)
                .containsExactly(
                        SampleItems.message(3, "message 3"),
                        SampleItems.message(1, "message 1"),
                        SampleItems.message(2, "message 2"));
        assertThat(unread).extracting(InsertedItem::ordinal).isSorted().doesNotHaveDuplicates();
        assertThat(unread(2)).isEqualTo(unread.subList(0, 2));
    }

    @Test
    void whatIsMarkedAsReadIsUnreadNoMore() {
        insertMessages(1, 2, 3);
        List<InsertedItem> unread = unread(10);
        read(unread.get(1));
        assertThat(unread(10)).isEqualTo(unread.subList(2, 3));
        read(unread.get(2));
        assertThat(unread(10)).isEmpty();
        insertMessages(4);
        assertThat(unread(10)).extracting(each -> each.item().id()).containsExactly(SampleItems.id(4));
    }

    @Test
    void readingOneCubeLeavesAnotherUnread() {
        CubeRow other = other();
        insertMessages(1);
        MemoryItem elsewhere = SampleItems.message(2, "elsewhere");
        write(writer -> writer.insert(other.key(), List.of(SampleItems.stored(elsewhere))));
        read(unread(10).getLast());
        assertThat(unread(10)).isEmpty();
        assertThat(vault.<List<InsertedItem>>read(
                        reader -> reader.itemsAfterMark(other.key(), TaskKind.EXTRACT, READABLE, 10)))
                .extracting(each -> each.item().id())
                .containsExactly(elsewhere.id());
    }

    @Test
    void spendingAddsUpForEachDayAndCube() {
        CubeRow other = other();
        spend(cube, DAY, new ModelSpending(1, 3_000_000_000L));
        spend(cube, DAY, new ModelSpending(2, 10));
        spend(cube, DAY.plusDays(1), new ModelSpending(4, 20));
        spend(other, DAY, new ModelSpending(8, 40));
        assertThat(spending(cube, DAY)).isEqualTo(new ModelSpending(3, 3_000_000_010L));
        assertThat(spending(cube, DAY.plusDays(1))).isEqualTo(new ModelSpending(4, 20));
        assertThat(spending(cube, DAY.minusDays(1))).isEqualTo(new ModelSpending(0, 0));
        assertThat(spending(other, DAY)).isEqualTo(new ModelSpending(8, 40));
    }

    @Test
    void ratingsAddUpForEachItem() {
        insertMessages(1, 2, 3);
        rate(1, 1);
        rate(1, 1);
        rate(2, -1);
        assertThat(ratings(1, 2, 3, 99)).isEqualTo(Map.of(SampleItems.id(1), 2, SampleItems.id(2), -1));
        assertThat(ratings(2)).isEqualTo(Map.of(SampleItems.id(2), -1));
        assertThat(ratings()).isEmpty();
        rate(1, -3);
        assertThat(ratings(1)).isEqualTo(Map.of(SampleItems.id(1), -1));
        erase(1);
        assertThat(ratings(1, 2)).isEqualTo(Map.of(SampleItems.id(2), -1));
    }

    @Test
    void claimsSuccessionsRatingsAndVectorsBelongToOneCube() {
        CubeRow other = other();
        claim(1, "residence", "paris");
        insertMessages(2);
        succeed(1, 2, "", 10);
        rate(1, 1);
        store(SampleItems.message(1, ""), 1, Optional.of(new byte[] {1, 2}));
        assertThat(isFree(other, 1, 2)).isTrue();
        write(writer -> writer.erase(other.key(), ids(1, 2), SampleItems.time(60)));
        write(writer -> writer.removeSupersession(other.key(), SampleItems.id(1)));
        assertThat(claimants("residence")).hasSize(1);
        assertThat(successions(1)).hasSize(1);
        assertThat(ratings(1)).hasSize(1);
        assertThat(vectors(1)).hasSize(1);
    }

    @Test
    void aDeletedCubeTakesAllOfItAlongAndLeavesItsNeighbourAlone() {
        CubeRow other = other();
        for (CubeRow each : List.of(cube, other)) {
            MemoryItem item = SampleItems.message(1, "lives in Paris");
            write(writer -> writer.insert(
                    each.key(),
                    List.of(
                            claiming(item, "residence", "paris"),
                            SampleItems.stored(SampleItems.message(2, "moved")))));
            write(writer -> writer.recordSupersession(each.key(), succession(1, 2, "", 10)));
            write(writer -> writer.rate(each.key(), item.id(), 1));
            write(writer -> writer.setMark(each.key(), TaskKind.EXTRACT, 1));
            spend(each, DAY, new ModelSpending(1, 1));
            write(writer -> writer.storeVectors(
                    List.of(new PassageVector(each.key(), item.id(), 1, 0, Optional.of(new byte[] {1, 2})))));
        }
        write(writer -> writer.deleteCube(cube.key()));
        assertThat(isFree(cube, 1, 2)).isTrue();
        assertThat(spending(cube, DAY)).isEqualTo(new ModelSpending(0, 0));
        assertThat(unread(10)).isEmpty();
        assertThat(isFree(other, 1, 2)).isFalse();
        assertThat(spending(other, DAY)).isEqualTo(new ModelSpending(1, 1));
        assertThat(vault.<List<InsertedItem>>read(
                        reader -> reader.itemsAfterMark(other.key(), TaskKind.EXTRACT, READABLE, 10)))
                .extracting(each -> each.item().id())
                .containsExactly(SampleItems.id(2));
    }

    @Test
    void filtersOverTheEndOfValidityReadTheCurrentVersion() {
        MemoryItem item = SampleItems.message(1, "held");
        insert(item);
        assertThat(select(Filter.exists("until"))).isEmpty();
        MemoryItem ended = item.next(ItemState.ARCHIVED, Optional.of(SampleItems.time(5)), SampleItems.time(6));
        replace(ended);
        assertThat(select(Filter.exists("until"))).containsExactly(item.id());
        assertThat(select(Filter.eq("until", SampleItems.time(5)))).containsExactly(item.id());
        replace(ended.next(ItemState.ACTIVATED, Optional.empty(), SampleItems.time(7)));
        assertThat(select(Filter.exists("until"))).isEmpty();
        assertThat(select(Filter.not(Filter.exists("until")))).containsExactly(item.id());
    }

    private List<InsertedItem> unread(int limit) {
        return vault.read(reader -> reader.itemsAfterMark(cube.key(), TaskKind.EXTRACT, READABLE, limit));
    }

    private void read(InsertedItem last) {
        write(writer -> writer.setMark(cube.key(), TaskKind.EXTRACT, last.ordinal()));
    }

    private void spend(CubeRow where, LocalDate day, ModelSpending more) {
        write(writer -> writer.addSpending(where.key(), day, more));
    }

    private ModelSpending spending(CubeRow where, LocalDate day) {
        return vault.read(reader -> reader.spending(where.key(), day));
    }

    private void rate(long number, int change) {
        write(writer -> writer.rate(cube.key(), SampleItems.id(number), change));
    }

    private Map<ItemId, Integer> ratings(long... numbers) {
        return vault.read(reader -> reader.ratings(cube.key(), ids(numbers)));
    }

    private List<ItemId> select(Filter filter) {
        return vault.read(reader -> reader.select(cube.key(), Selection.matching(filter)));
    }

    /**
     * Returns true if nothing is recorded about these items in a cube; claims are looked up under {@code residence}.
     */
    private boolean isFree(CubeRow where, long... numbers) {
        return vault.read(reader -> reader.findClaims(where.key(), "residence").isEmpty()
                && reader.supersessions(where.key(), ids(numbers)).isEmpty()
                && reader.ratings(where.key(), ids(numbers)).isEmpty()
                && reader.vectors(where.key(), ids(numbers)).isEmpty());
    }
}
