package io.memos4j.testkit.vault;

import io.memos4j.api.CubeId;
import io.memos4j.api.ItemId;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Selection;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.history.HistoryWriter;
import io.memos4j.spi.index.ChangeBatch;
import io.memos4j.spi.index.Passage;
import io.memos4j.spi.items.InsertedItem;
import io.memos4j.spi.items.StoredItem;
import io.memos4j.spi.vault.VaultReader;
import io.memos4j.testkit.SampleItems;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Contract of vaults for forks of a cube's past. */
abstract class VaultForkContract extends VaultLifecycleContract {
    private static final Instant LATER = SampleItems.time(100);

    private <T> List<T> all(Function<VaultReader, List<T>> work) {
        return vault.read(work);
    }

    /** Number 1 at minute 1 with a second version at minute 2, number 5 at minute 5. */
    MemoryItem twoVersions() {
        MemoryItem first = SampleItems.message(1, "first");
        insert(first);
        MemoryItem second = SampleItems.revised(first, "second");
        replace(second);
        insert(SampleItems.message(5, "other"));
        return second;
    }

    private CubeRow fork(long minute) {
        return vault.write(writer -> writer.history()
                .fork(
                        cube.key(),
                        new HistoryWriter.ForkRequest(
                                CubeId.of("fork"), SampleItems.time(minute), LATER, "forked from sample", "")));
    }

    @Test
    void aForkHoldsWhatWasThenAsFirstVersions() {
        twoVersions();
        write(writer -> writer.rate(cube.key(), SampleItems.id(1), 3));
        write(writer -> writer.setMark(cube.key(), TaskKind.EXTRACT, 1));
        MemoryItem derived =
                SampleItems.derived(6, "derived", SampleItems.id(1)).withStanding(Set.of(ItemType.INSTRUCTION));
        insert(derived);
        CubeRow fork = fork(6);
        List<MemoryItem> items = all(reader -> reader.items(fork.key(), ids(1, 5, 6)));
        assertThat(texts(items)).containsExactly("second", "other", "derived");
        assertThat(items).allSatisfy(item -> {
            assertThat(item.cube()).isEqualTo(CubeId.of("fork"));
            assertThat(item.version()).isEqualTo(1);
            assertThat(item.times().updatedAt()).isEqualTo(LATER);
        });
        assertThat(items).extracting(MemoryItem::standing).containsExactly(Set.of(), Set.of(), derived.standing());
        assertThat(items.getLast().origin().sources())
                .isEqualTo(derived.origin().sources());
        assertThat(all(reader -> reader.versions(fork.key(), SampleItems.id(1))))
                .singleElement()
                .satisfies(version -> assertThat(version.cause()).isEqualTo("forked from sample"));
        assertThat(vault.<Map<ItemId, Integer>>read(reader -> reader.ratings(fork.key(), ids(1))))
                .containsValue(3);
        assertThat(all(reader -> reader.itemsAfterMark(fork.key(), TaskKind.EXTRACT, Filter.ALL, 10)))
                .extracting(each -> each.item().id())
                .isEqualTo(ids(5, 6));
        ChangeBatch batch = vault.read(reader -> reader.changes(fork.key(), 0, 10));
        assertThat(batch.upserts()).hasSize(3);
        assertThat(batch.seq()).isEqualTo(fork.seq()).isEqualTo(3);
    }

    @Test
    void aForkGoesItsOwnWay() {
        twoVersions();
        CubeRow fork = fork(9);
        write(writer -> writer.erase(cube.key(), ids(1), SampleItems.time(60)));
        MemoryItem forked =
                vault.read(reader -> reader.items(fork.key(), ids(1)).getFirst());
        write(writer -> writer.replace(fork.key(), SampleItems.stored(SampleItems.revised(forked, "third"))));
        write(writer -> writer.insert(fork.key(), List.of(SampleItems.stored(SampleItems.message(8, "new")))));
        assertThat(texts(vault.read(reader -> reader.list(fork.key(), ListRequest.first()))
                        .items()))
                .containsExactly("third", "other", "new");
        assertThat(texts(vault.read(reader -> reader.list(cube.key(), ListRequest.first()))
                        .items()))
                .containsExactly("other");
        write(writer -> writer.deleteCube(cube.key()));
        assertThat(all(reader -> reader.select(fork.key(), Selection.session("session-1"))))
                .isEqualTo(ids(1, 5, 8));
    }

    @Test
    void aForkKeepsTheVectorsAndClaimsOfTextsThatAreStillTheSame() {
        MemoryItem paris = claim(1, "residence", "paris");
        store(paris, 1, Optional.of(new byte[] {1, 2}));
        replace(paris.next(ItemState.FROZEN, Optional.empty(), SampleItems.time(9)));
        MemoryItem work = claim(2, "work", "acme");
        store(work, 1, Optional.of(new byte[] {3, 4}));
        MemoryItem rewritten = SampleItems.revised(work, "works elsewhere");
        replace(rewritten);
        store(rewritten, 2, Optional.of(new byte[] {5, 6}));
        CubeRow fork = fork(2);
        assertThat(all(reader -> reader.vectors(fork.key(), ids(1, 2))))
                .singleElement()
                .satisfies(vector -> assertThat(bytes(vector.vector())).isEqualTo("[1, 2]"));
        assertThat(all(reader -> reader.findClaims(fork.key(), "residence"))).hasSize(1);
        assertThat(all(reader -> reader.findClaims(fork.key(), "work"))).isEmpty();
        List<InsertedItem> uncut = uncut(fork, 0);
        assertThat(uncut).extracting(each -> each.item().text()).containsExactly("work is acme");
        assertThat(uncut(fork, uncut.getLast().ordinal())).isEmpty();
        write(writer -> writer.history()
                .storePassages(fork.key(), claiming(uncut.getFirst().item(), "work", "acme")));
        assertThat(uncut(fork, 0)).isEmpty();
        assertThat(all(reader -> reader.findClaims(fork.key(), "work"))).hasSize(1);
        assertThat(all(reader -> reader.passages(fork.key(), SampleItems.id(2))))
                .containsExactly(new Passage(0, 0, "work is acme".length()));
        assertThat(all(reader -> reader.pending(fork.key(), 10))).hasSize(1);
        assertThat(pending()).isEmpty();
    }

    private List<InsertedItem> uncut(CubeRow fork, long after) {
        return vault.write(writer -> writer.history().itemsWithoutPassages(fork.key(), after, 10));
    }

    @Test
    void aForkHasTheSuccessionsOfThenUnlessTheSuccessorIsGone() {
        insertMessages(1, 2, 3, 4);
        for (long former : new long[] {1, 3}) {
            MemoryItem archived = SampleItems.message(former, "message " + former)
                    .next(ItemState.ARCHIVED, Optional.of(SampleItems.time(5)), SampleItems.time(5));
            write(writer -> {
                writer.replace(cube.key(), new StoredItem(archived, List.of(), "", Optional.empty(), "superseded"));
                writer.recordSupersession(cube.key(), succession(former, former + 1, "newer", 5));
            });
        }
        erase(4);
        CubeRow fork = fork(5);
        assertThat(all(reader -> reader.supersessions(fork.key(), ids(1, 2, 3, 4))))
                .containsExactly(succession(1, 2, "newer", 5));
        List<MemoryItem> formers = vault.read(reader -> reader.items(fork.key(), ids(1, 3)));
        assertThat(formers).extracting(MemoryItem::state).containsExactly(ItemState.ARCHIVED, ItemState.ACTIVATED);
        assertThat(formers.getLast().times().validTo()).isEmpty();
        assertThat(all(reader -> reader.select(fork.key(), Selection.matching(Filter.eq("state", "activated")))))
                .isEqualTo(ids(2, 3));
    }

    @Test
    void whatWasErasedIsInNoFork() {
        twoVersions();
        erase(1);
        CubeRow fork = fork(1);
        assertThat(all(reader -> reader.select(fork.key(), Selection.matching(Filter.ALL))))
                .isEmpty();
        assertThat(fork.seq()).isZero();
    }
}
