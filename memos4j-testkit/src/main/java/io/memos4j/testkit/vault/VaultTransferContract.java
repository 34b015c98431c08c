package io.memos4j.testkit.vault;

import io.memos4j.api.CubeId;
import io.memos4j.api.ItemId;
import io.memos4j.api.history.ItemVersion;
import io.memos4j.api.history.SupersessionRecord;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.SourceReference;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.index.ChangeBatch;
import io.memos4j.spi.items.ClaimedValue;
import io.memos4j.spi.items.PassageVector;
import io.memos4j.spi.transfer.ClaimConflict;
import io.memos4j.spi.transfer.ItemCounterpart;
import io.memos4j.testkit.SampleItems;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Contract of vaults for copying items between cubes. */
abstract class VaultTransferContract extends VaultHistoryContract {
    @Test
    void aCopyHasEveryVersionAndTheOriginalStays() {
        CubeRow other = other();
        MemoryItem first = SampleItems.message(1, "first");
        insert(first);
        replace(SampleItems.revised(first, "second"));
        transfer(other, 1);
        assertThat(versions(other, 1))
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("item.cube")
                .isEqualTo(versions(cube, 1));
        assertThat(versions(other, 1)).extracting(each -> each.item().cube()).containsOnly(other.id());
        assertThat(versions(cube, 1)).hasSize(2);
        replace(SampleItems.revised(versions(cube, 1).getLast().item(), "third"));
        assertThat(versions(other, 1)).as("of its own").hasSize(2);
    }

    @Test
    void anItemIsFoundInEveryCubeThatHoldsIt() {
        CubeRow other = other();
        insertMessages(1, 2);
        transfer(other, 1);
        assertThat(holding(1)).containsExactly(cube.id(), other.id());
        assertThat(holding(2)).containsExactly(cube.id());
        assertThat(holding(3)).isEmpty();
        write(writer -> writer.erase(cube.key(), ids(1), SampleItems.time(60)));
        assertThat(holding(1)).containsExactly(other.id());
    }

    private List<CubeId> holding(long number) {
        return vault.read(reader -> reader.findCubesWith(SampleItems.id(number)).stream()
                .map(CubeRow::id)
                .toList());
    }

    @Test
    void copiesComeLastInTheOrderThatTheyHad() {
        CubeRow other = other();
        write(writer -> writer.insert(other.key(), List.of(SampleItems.stored(SampleItems.message(9, "there")))));
        insertMessages(3, 1, 2);
        long last = vault.write(writer -> writer.transfers().copy(cube.key(), other.key(), ids(1, 2, 3, 4)));
        ChangeBatch changes = vault.read(reader -> reader.changes(other.key(), 1, 10));
        assertThat(changes.upserts()).extracting(each -> each.item().id()).isEqualTo(ids(3, 1, 2));
        assertThat(changes.seq()).isEqualTo(4);
        assertThat(last).isEqualTo(4);
        assertThat(copy(other, 1, 2, 3)).as("nothing is copied twice").isEqualTo(4);
        assertThat(vault.<ChangeBatch>read(reader -> reader.changes(other.key(), 4, 10))
                        .upserts())
                .isEmpty();
    }

    @Test
    void vectorsComeAlongWhereTheEmbedderIsTheSameAndArePendingElsewhere() {
        CubeRow other = other();
        CubeRow foreign =
                vault.write(writer -> writer.createCube(CubeId.of("foreign"), "embedder-b", 2, SampleItems.EPOCH));
        insertMessages(1);
        store(SampleItems.message(1, ""), 1, Optional.of(new byte[] {1, 2}));
        transfer(other, 1);
        assertThat(copy(foreign, 1)).isEqualTo(1);
        assertThat(vault.<List<PassageVector>>read(reader -> reader.vectors(other.key(), ids(1))))
                .singleElement()
                .satisfies(each -> assertThat(bytes(each.vector())).isEqualTo("[1, 2]"));
        assertThat(vault.<List<PassageVector>>read(reader -> reader.vectors(foreign.key(), ids(1))))
                .isEmpty();
        assertThat(vault.<Boolean>read(reader -> reader.hasPending(other.key())))
                .isFalse();
        assertThat(vault.<Boolean>read(reader -> reader.hasPending(foreign.key())))
                .isTrue();
    }

    @Test
    void aTwinHasTheSameIdOrElseTheSameFingerprint() {
        CubeRow other = other();
        insert(SampleItems.message(1, "same id"));
        insert(SampleItems.message(2, "same words"));
        insert(SampleItems.message(3, "only here"));
        transfer(other, 1);
        replace(SampleItems.revised(SampleItems.message(1, "same id"), "but edited"));
        write(writer -> writer.insert(other.key(), List.of(SampleItems.stored(SampleItems.message(20, "same words")))));
        assertThat(twins(other, 0, 10))
                .containsExactly(
                        new ItemCounterpart(SampleItems.id(1), 1, Optional.of(SampleItems.id(1)), false),
                        new ItemCounterpart(SampleItems.id(2), 2, Optional.of(SampleItems.id(20)), true),
                        new ItemCounterpart(SampleItems.id(3), 3, Optional.empty(), false));
        assertThat(twins(other, 1, 1)).extracting(ItemCounterpart::item).containsExactly(SampleItems.id(2));
        assertThat(twins(other, 3, 10)).isEmpty();
    }

    /** Two short turns of one session may say the same; the first copy is no twin of the second. */
    @Test
    void aCopyIsNoTwinOfAnotherItemOfItsCube() {
        CubeRow other = other();
        insert(SampleItems.message(1, "ok"));
        insert(SampleItems.message(2, "ok"));
        transfer(other, 1);
        assertThat(twins(other, 1, 10))
                .containsExactly(new ItemCounterpart(SampleItems.id(2), 2, Optional.empty(), false));
    }

    @Test
    void sourcesNameTheTwin() {
        CubeRow other = other();
        insert(SampleItems.message(1, "source"));
        insert(SampleItems.derived(2, "derived", SampleItems.id(1)));
        write(writer -> writer.insert(other.key(), List.of(SampleItems.stored(SampleItems.message(10, "source")))));
        transfer(other, 2);
        assertThat(sources(other, 2)).containsExactly(SourceReference.item(SampleItems.id(10)));
        assertThat(sources(cube, 2)).containsExactly(SourceReference.item(SampleItems.id(1)));
    }

    @Test
    void sourcesThatStayBehindBecomeExternal() {
        CubeRow other = other();
        insertMessages(1, 2);
        MemoryItem derived = SampleItems.derived(3, "derived", SampleItems.id(1));
        insert(derived);
        insert(SampleItems.derived(4, "derived too", SampleItems.id(2)));
        transfer(other, 2, 3, 4);
        write(writer -> writer.transfers().externalizeSources(other.key(), ids(2, 3, 4), "cube:sample/"));
        assertThat(sources(other, 3)).containsExactly(SourceReference.external("cube:sample/" + SampleItems.id(1)));
        assertThat(sources(other, 4)).containsExactly(SourceReference.item(SampleItems.id(2)));
        assertThat(sources(cube, 3)).isEqualTo(derived.origin().sources());
    }

    @Test
    void ratingsClaimsAndSuccessionsComeAlongAsSoonAsBothEndsAreThere() {
        CubeRow other = other();
        MemoryItem paris = claim(1, "residence", "paris");
        claim(2, "residence", "lyon");
        replace(paris.next(ItemState.ARCHIVED, Optional.of(SampleItems.time(2)), SampleItems.time(3)));
        SupersessionRecord moved = succeed(1, 2, "moved", 2);
        write(writer -> writer.rate(cube.key(), SampleItems.id(2), 3));
        transfer(other, 1);
        assertThat(successions(other, 1)).isEmpty();
        transfer(other, 2);
        assertThat(successions(other, 1)).containsExactly(moved);
        assertThat(vault.<Map<ItemId, Integer>>read(reader -> reader.ratings(other.key(), ids(2))))
                .containsEntry(SampleItems.id(2), 3);
        assertThat(vault.<List<ClaimedValue>>read(reader -> reader.findClaims(other.key(), "residence")))
                .containsExactly(new ClaimedValue(SampleItems.id(2), "lyon"));
    }

    @Test
    void itemsOfTwoCubesDisputeAnAttributeIfBothHoldAndTheValuesDiffer() {
        CubeRow other = other();
        claim(1, "residence", "paris");
        claim(2, "employer", "acme");
        claim(3, "pet", "cat");
        write(writer -> writer.insert(
                other.key(),
                List.of(
                        claiming(SampleItems.message(11, "a"), "residence", "lyon"),
                        claiming(SampleItems.message(12, "b"), "employer", "acme"),
                        claiming(SampleItems.message(13, "c").withState(ItemState.ARCHIVED), "pet", "dog"))));
        List<ClaimConflict> residence = List.of(new ClaimConflict(SampleItems.id(1), SampleItems.id(11)));
        assertThat(disputes(other, 1, 2, 3)).isEqualTo(residence);
        assertThat(disputes(other, 2, 3)).isEmpty();
        transfer(other, 1, 2, 3);
        assertThat(disputes(other, 1, 2, 3)).as("not with the copies").isEqualTo(residence);
    }

    @Test
    void whatWasErasedCanComeBack() {
        CubeRow other = other();
        insertMessages(1);
        transfer(other, 1);
        write(writer -> writer.erase(other.key(), ids(1), SampleItems.time(60)));
        transfer(other, 1);
        assertThat(versions(other, 1)).hasSize(1);
        ChangeBatch changes = vault.read(reader -> reader.changes(other.key(), 0, 10));
        assertThat(changes.upserts()).extracting(each -> each.item().id()).isEqualTo(ids(1));
    }

    private long copy(CubeRow to, long... numbers) {
        return vault.write(writer -> writer.transfers().copy(cube.key(), to.key(), ids(numbers)));
    }

    private void transfer(CubeRow to, long... numbers) {
        write(writer -> assertThat(writer.transfers().copy(cube.key(), to.key(), ids(numbers)))
                .isPositive());
    }

    private List<ItemCounterpart> twins(CubeRow to, long after, int limit) {
        return vault.read(reader -> reader.transfers().findCounterparts(cube.key(), to.key(), after, limit));
    }

    private List<ClaimConflict> disputes(CubeRow to, long... numbers) {
        return vault.read(reader -> reader.transfers().findConflicts(cube.key(), to.key(), ids(numbers)));
    }

    private List<ItemVersion> versions(CubeRow where, long number) {
        return vault.read(reader -> reader.versions(where.key(), SampleItems.id(number)));
    }

    private List<SourceReference> sources(CubeRow where, long number) {
        return versions(where, number).getLast().item().origin().sources();
    }

    private List<SupersessionRecord> successions(CubeRow where, long number) {
        return vault.read(reader -> reader.supersessions(where.key(), ids(number)));
    }
}
