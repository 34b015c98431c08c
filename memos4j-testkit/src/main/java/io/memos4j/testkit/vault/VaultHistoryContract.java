package io.memos4j.testkit.vault;

import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Page;
import io.memos4j.api.history.DiffRequest;
import io.memos4j.api.history.ItemChange;
import io.memos4j.api.history.Snapshot;
import io.memos4j.api.history.SupersessionRecord;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.ListRequest.Sort;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.history.HistoryReader;
import io.memos4j.spi.items.InsertedItem;
import io.memos4j.spi.items.StoredItem;
import io.memos4j.testkit.SampleItems;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Contract of vaults for history: versions at an instant, differences, snapshots. */
abstract class VaultHistoryContract extends VaultForkContract {
    private <T> List<T> past(Function<HistoryReader, List<T>> work) {
        return vault.read(reader -> work.apply(reader.history()));
    }

    private List<String> then(long minute, long... numbers) {
        return texts(past(past -> past.items(cube.key(), ids(numbers), Filter.ALL, SampleItems.time(minute))));
    }

    private List<String> listed(ListRequest request, long minute) {
        return texts(page(request, minute).items());
    }

    private Page<MemoryItem> page(ListRequest request, long minute) {
        return vault.read(reader -> reader.history().list(cube.key(), request, SampleItems.time(minute)));
    }

    @Test
    void anItemIsAtAnInstantWhatWasRecordedLastUpToThen() {
        twoVersions();
        assertThat(then(0, 1, 5)).isEmpty();
        assertThat(then(1, 1, 5)).containsExactly("first");
        assertThat(then(2, 1, 5)).containsExactly("second");
        assertThat(then(9, 5, 1, 7)).containsExactly("other", "second");
        assertThat(then(9)).isEmpty();
        assertThat(past(past -> past.items(
                        cube.key(), ids(1), Filter.ALL, SampleItems.time(2).minusMillis(1))))
                .containsExactly(SampleItems.message(1, "first"));
    }

    @Test
    void ofVersionsOfOneMillisecondOnlyTheLastWasEverThere() {
        MemoryItem first = SampleItems.message(1, "first");
        insert(first);
        replace(first.next(ItemState.ARCHIVED, Optional.empty(), SampleItems.time(2)));
        replace(first.next(ItemState.ARCHIVED, Optional.empty(), SampleItems.time(2))
                .next(ItemState.MERGED, Optional.empty(), SampleItems.time(2)));
        assertThat(past(past -> past.items(cube.key(), ids(1), Filter.ALL, SampleItems.time(2))))
                .extracting(MemoryItem::state)
                .containsExactly(ItemState.MERGED);
    }

    @Test
    void theListOfThePastIsFilteredAndSortedByWhatWasThen() {
        MemoryItem first = SampleItems.message(1, "first");
        insert(first);
        insert(SampleItems.message(2, "second"));
        replace(first.next(ItemState.ARCHIVED, Optional.of(SampleItems.time(3)), SampleItems.time(4)));
        ListRequest activated = ListRequest.first().where(Filter.eq("state", "activated"));
        assertThat(listed(activated, 3)).containsExactly("first", "second");
        assertThat(listed(activated, 4)).containsExactly("second");
        ListRequest updated = ListRequest.first().sortedBy(Sort.UPDATED);
        assertThat(listed(updated, 3)).containsExactly("second", "first");
        assertThat(listed(updated, 4)).containsExactly("first", "second");
        Filter before = new Filter.Compare("updated", Filter.Operator.LTE, SampleItems.time(1));
        assertThat(listed(ListRequest.first().where(before), 3)).containsExactly("first");
        assertThat(listed(ListRequest.first().where(Filter.exists("until")), 3)).isEmpty();
    }

    @Test
    void theListOfThePastComesInPages() {
        insertMessages(LongStream.rangeClosed(1, 7).toArray());
        for (Sort sort : Sort.values()) {
            ListRequest request = ListRequest.first().limit(2).sortedBy(sort);
            List<String> all = new ArrayList<>();
            Optional<String> cursor = Optional.of("");
            while (cursor.isPresent()) {
                Page<MemoryItem> page = page(request.after(cursor.get()), 5);
                all.addAll(texts(page.items()));
                cursor = page.next();
            }
            assertThat(all).hasSize(5).isEqualTo(listed(request.limit(10), 5));
        }
    }

    private Page<ItemChange> diff(DiffRequest request) {
        return vault.read(reader -> reader.history().diff(cube.key(), request));
    }

    private static DiffRequest minutes(long from, long to) {
        return DiffRequest.between(SampleItems.time(from), SampleItems.time(to));
    }

    @Test
    void aDiffNamesWhatCameAndWhatChanged() {
        MemoryItem second = twoVersions();
        MemoryItem first = SampleItems.message(1, "first");
        MemoryItem other = SampleItems.message(5, "other");
        ItemChange came = new ItemChange(other.id(), Optional.empty(), Optional.of(other));
        assertThat(diff(minutes(1, 9)).items())
                .containsExactly(new ItemChange(first.id(), Optional.of(first), Optional.of(second)), came);
        assertThat(diff(minutes(2, 9)).items()).containsExactly(came);
        assertThat(diff(minutes(9, 2)).items())
                .containsExactly(new ItemChange(other.id(), Optional.of(other), Optional.empty()));
        assertThat(diff(minutes(5, 9)).items()).isEmpty();
        assertThat(diff(minutes(-9, 0)).items()).isEmpty();
    }

    @Test
    void whatChangedAndChangedBackDoesNotDiffer() {
        MemoryItem first = SampleItems.item(
                1,
                "first",
                SampleItems.message(1, "").origin(),
                Set.of("a", "b", "c"),
                Map.of("x", 1L, "y", List.of("z"), "z", 2L));
        insert(first);
        MemoryItem away = first.next(ItemState.ARCHIVED, Optional.empty(), SampleItems.time(2));
        replace(away);
        replace(away.next(ItemState.ACTIVATED, Optional.empty(), SampleItems.time(3)));
        assertThat(diff(minutes(1, 3)).items()).isEmpty();
        assertThat(diff(minutes(1, 2)).items()).hasSize(1);
    }

    @Test
    void aDiffComesInPages() {
        insertMessages(LongStream.rangeClosed(1, 7).toArray());
        List<ItemId> all = new ArrayList<>();
        Optional<String> cursor = Optional.of("");
        while (cursor.isPresent()) {
            Page<ItemChange> page = diff(minutes(2, 100).limit(2).after(cursor.get()));
            assertThat(page.items()).isNotEmpty();
            page.items().forEach(change -> all.add(change.id()));
            cursor = page.next();
        }
        assertThat(all).isEqualTo(ids(3, 4, 5, 6, 7));
        assertThatThrownBy(() -> diff(minutes(1, 2).after("page two")))
                .isInstanceOf(MemoryException.class)
                .hasMessageContaining("'page two' is not a cursor");
    }

    @Test
    void whatChangedSinceComesInOrderOfInsertion() {
        twoVersions();
        insertMessages(6, 7);
        List<InsertedItem> changed = past(past -> past.changedSince(cube.key(), SampleItems.time(1), 0, 2));
        assertThat(changed).extracting(each -> each.item().text()).containsExactly("second", "other");
        assertThat(past(past -> past.changedSince(
                        cube.key(), SampleItems.time(1), changed.getLast().ordinal(), 9)))
                .extracting(each -> each.item().id())
                .isEqualTo(ids(6, 7));
        assertThat(past(past -> past.changedSince(cube.key(), SampleItems.time(7), 0, 9)))
                .isEmpty();
    }

    @Test
    void everyVersionKnowsItsSuccessor() {
        insertMessages(1, 2);
        MemoryItem archived = SampleItems.message(1, "message 1")
                .next(ItemState.ARCHIVED, Optional.of(SampleItems.time(2)), SampleItems.time(3));
        SupersessionRecord succession = succession(1, 2, "it moved", 2);
        write(writer -> {
            writer.replace(cube.key(), new StoredItem(archived, List.of(), "", Optional.empty(), "superseded"));
            writer.recordSupersession(cube.key(), succession);
        });
        MemoryItem tagged = archived.next(ItemState.ARCHIVED, Optional.of(SampleItems.time(2)), SampleItems.time(4));
        replace(tagged);
        write(writer -> {
            MemoryItem back = tagged.next(ItemState.ACTIVATED, Optional.empty(), SampleItems.time(5));
            writer.replace(cube.key(), new StoredItem(back, List.of(), "", Optional.empty(), "reinstated"));
            writer.removeSupersession(cube.key(), archived.id());
        });
        assertThat(successionsThen(2)).isEmpty();
        assertThat(successionsThen(3)).containsExactly(succession);
        assertThat(successionsThen(4)).containsExactly(succession);
        assertThat(successionsThen(5)).isEmpty();
    }

    private List<SupersessionRecord> successionsThen(long minute) {
        return past(past -> past.supersessions(cube.key(), ids(1, 2), SampleItems.time(minute)));
    }

    @Test
    void textsThatWereOtherwiseAreFoundByWhatTheyWere() {
        MemoryItem second = twoVersions();
        replace(second.next(ItemState.ARCHIVED, Optional.empty(), SampleItems.time(8)));
        replace(SampleItems.message(5, "other").next(ItemState.ARCHIVED, Optional.empty(), SampleItems.time(8)));
        assertThat(rewritten(Filter.ALL, 1)).containsExactly("first");
        assertThat(rewritten(Filter.eq("state", "archived"), 1)).isEmpty();
        assertThat(rewritten(Filter.ALL, 2)).isEmpty();
        assertThat(rewritten(Filter.ALL, 0)).isEmpty();
    }

    private List<String> rewritten(Filter filter, long minute) {
        return texts(past(past -> past.findRewritten(cube.key(), filter, SampleItems.time(minute), 10)));
    }

    @Test
    void snapshotsAreKeptAndForgottenForEachCube() {
        CubeRow other = other();
        Snapshot late = new Snapshot("späte Änderung 晚", SampleItems.time(9));
        Snapshot early = new Snapshot("early", SampleItems.time(3));
        write(writer -> {
            writer.history().saveSnapshot(cube.key(), late);
            writer.history().saveSnapshot(cube.key(), early);
            writer.history().saveSnapshot(other.key(), early);
        });
        vault.close();
        vault = open(directory);
        assertThat(past(past -> past.snapshots(cube.key()))).containsExactly(early, late);
        assertThat(vault.<Boolean>write(writer -> writer.history().deleteSnapshot(cube.key(), "early")))
                .isTrue();
        assertThat(vault.<Boolean>write(writer -> writer.history().deleteSnapshot(cube.key(), "early")))
                .isFalse();
        assertThat(past(past -> past.snapshots(cube.key()))).containsExactly(late);
        write(writer -> writer.deleteCube(cube.key()));
        assertThat(past(past -> past.snapshots(cube.key()))).isEmpty();
        assertThat(past(past -> past.snapshots(other.key()))).containsExactly(early);
    }

    private Optional<Instant> latest() {
        return vault.read(reader -> reader.history().lastChange());
    }

    @Test
    void theLastChangeOfAllCubesIsKnown() {
        CubeRow other = other();
        assertThat(latest()).isEmpty();
        insertMessages(4, 2);
        assertThat(latest()).contains(SampleItems.time(4));
        write(writer -> writer.insert(other.key(), List.of(SampleItems.stored(SampleItems.message(7, "elsewhere")))));
        assertThat(latest()).contains(SampleItems.time(7));
        write(writer -> writer.history().saveSnapshot(cube.key(), new Snapshot("last", SampleItems.time(9))));
        assertThat(latest()).contains(SampleItems.time(9));
    }

    @Test
    void whatIsErasedIsGoneFromThePastToo() {
        twoVersions();
        erase(1);
        assertThat(then(1, 1, 5)).isEmpty();
        assertThat(listed(ListRequest.first(), 9)).containsExactly("other");
        assertThat(diff(minutes(0, 3)).items()).isEmpty();
        assertThat(rewritten(Filter.ALL, 1)).isEmpty();
    }
}
