package io.memos4j.testkit.vault;

import io.memos4j.api.history.SupersessionRecord;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.spi.index.Passage;
import io.memos4j.spi.items.ClaimedValue;
import io.memos4j.spi.items.PassageVector;
import io.memos4j.spi.items.StoredItem;
import io.memos4j.testkit.SampleItems;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/** Contract of vaults for claims, supersessions and vectors. */
abstract class VaultSupersessionContract extends VaultTaskContract {
    @Test
    void claimantsOfAKeyComeInOrderOfInsertionWithTheirValues() {
        claim(3, "residence", "paris");
        claim(1, "residence", "lyon");
        claim(2, "employer", "acme");
        insert(SampleItems.message(4, "claims nothing"));
        assertThat(claimants("residence"))
                .containsExactly(
                        new ClaimedValue(SampleItems.id(3), "paris"), new ClaimedValue(SampleItems.id(1), "lyon"));
        assertThat(claimants("employer")).containsExactly(new ClaimedValue(SampleItems.id(2), "acme"));
        assertThat(claimants("resid")).isEmpty();
        assertThat(claimants("")).isEmpty();
    }

    @Test
    void onlyActivatedItemsAreClaimants() {
        for (ItemState state : ItemState.values()) {
            MemoryItem item = SampleItems.message(state.ordinal(), "claims").withState(state);
            write(writer -> writer.insert(cube.key(), List.of(claiming(item, "key", state.id()))));
        }
        assertThat(claimants("key"))
                .containsExactly(
                        new ClaimedValue(SampleItems.id(ItemState.ACTIVATED.ordinal()), ItemState.ACTIVATED.id()));
    }

    @Test
    void aClaimIsKeptInAnotherStateAndComesBackWithTheFormer() {
        MemoryItem item = claim(1, "residence", "paris");
        MemoryItem archived = item.next(ItemState.ARCHIVED, Optional.of(SampleItems.time(5)), SampleItems.time(6));
        replace(archived);
        assertThat(claimants("residence")).isEmpty();
        replace(archived.next(ItemState.ACTIVATED, Optional.empty(), SampleItems.time(7)));
        assertThat(claimants("residence")).containsExactly(new ClaimedValue(item.id(), "paris"));
    }

    @Test
    void anotherTextBringsItsOwnClaimOrNone() {
        MemoryItem first = claim(1, "residence", "paris");
        MemoryItem second = SampleItems.revised(first, "works at Acme");
        write(writer -> writer.replace(cube.key(), claiming(second, "employer", "acme")));
        assertThat(claimants("residence")).isEmpty();
        assertThat(claimants("employer")).containsExactly(new ClaimedValue(first.id(), "acme"));
        replace(SampleItems.revised(second, "claims nothing"));
        assertThat(claimants("employer")).isEmpty();
    }

    @Test
    void anErasedItemClaimsNothing() {
        claim(1, "residence", "paris");
        claim(2, "residence", "lyon");
        erase(1);
        assertThat(claimants("residence")).containsExactly(new ClaimedValue(SampleItems.id(2), "lyon"));
    }

    @Test
    void aSuccessionIsFoundByTheFormerAndByTheSuccessor() {
        insertMessages(1, 2, 3, 4);
        SupersessionRecord first = succeed(1, 2, "moved", 20);
        SupersessionRecord second = succeed(2, 3, "moved on", 10);
        assertThat(successions(1)).containsExactly(first);
        assertThat(successions(2)).as("oldest first").containsExactly(second, first);
        assertThat(successions(3)).containsExactly(second);
        assertThat(successions(1, 2, 3)).as("each once").containsExactly(second, first);
        assertThat(successions(4)).isEmpty();
        assertThat(successions()).isEmpty();
    }

    @Test
    void anItemHasOneSuccessorTheLastOneThatWasRecorded() {
        insertMessages(1, 2, 3);
        succeed(1, 2, "a mistake", 10);
        SupersessionRecord corrected = succeed(1, 3, "the right one", 11);
        assertThat(successions(1)).containsExactly(corrected);
        assertThat(successions(2)).isEmpty();
        assertThat(successions(3)).containsExactly(corrected);
    }

    @Test
    void oneItemMaySucceedSeveral() {
        insertMessages(1, 2, 3);
        SupersessionRecord first = succeed(1, 3, "", 10);
        SupersessionRecord second = succeed(2, 3, "", 11);
        assertThat(successions(3)).containsExactly(first, second);
    }

    @Test
    void aSuccessionIsForgottenByItsFormerOnly() {
        insertMessages(1, 2, 3);
        SupersessionRecord first = succeed(1, 2, "", 10);
        succeed(2, 3, "", 11);
        write(writer -> writer.removeSupersession(cube.key(), SampleItems.id(2)));
        write(writer -> writer.removeSupersession(cube.key(), SampleItems.id(3)));
        assertThat(successions(1, 2, 3)).containsExactly(first);
    }

    @Test
    void aSuccessionEndsWithEitherOfItsItems() {
        insertMessages(1, 2, 3, 4);
        succeed(1, 2, "", 10);
        SupersessionRecord other = succeed(3, 4, "", 11);
        erase(1);
        assertThat(successions(1, 2, 3, 4)).containsExactly(other);
        erase(4);
        assertThat(successions(1, 2, 3, 4)).isEmpty();
    }

    @Test
    void onlyVectorsThatAreStoredAreThere() {
        MemoryItem item = SampleItems.message(1, "three passages");
        write(writer -> writer.insert(
                cube.key(),
                List.of(new StoredItem(
                        item,
                        List.of(new Passage(0, 0, 5), new Passage(1, 5, 9), new Passage(2, 9, 14)),
                        "",
                        Optional.empty(),
                        "add"))));
        insertMessages(2, 3);
        store(item, 1, Optional.of(new byte[] {1, 2}));
        store(SampleItems.message(2, ""), 1, Optional.empty());
        write(writer -> writer.storeVectors(
                List.of(new PassageVector(cube.key(), item.id(), 1, 2, Optional.of(new byte[] {3, 4})))));
        List<PassageVector> vectors = vectors(1, 2, 3, 99);
        assertThat(vectors)
                .allMatch(
                        each -> each.cube().equals(cube.key()) && each.item().equals(item.id()) && each.version() == 1);
        assertThat(vectors)
                .extracting(PassageVector::passage, each -> bytes(each.vector()))
                .containsExactlyInAnyOrder(tuple(0, "[1, 2]"), tuple(2, "[3, 4]"));
        assertThat(vectors()).isEmpty();
    }

    @Test
    void vectorsAreThoseOfTheCurrentTextWithTheCurrentVersion() {
        MemoryItem item = SampleItems.message(1, "text");
        insert(item);
        store(item, 1, Optional.of(new byte[] {1, 2}));
        MemoryItem archived = item.next(ItemState.ARCHIVED, Optional.empty(), SampleItems.time(5));
        replace(archived);
        assertThat(vectors(1))
                .as("the text is the same")
                .extracting(PassageVector::version, each -> bytes(each.vector()))
                .containsExactly(tuple(2, "[1, 2]"));
        replace(SampleItems.revised(archived, "another text"));
        assertThat(vectors(1)).isEmpty();
    }

    @Test
    void noVectorIsLeftOfAnErasedItemOrOfAnotherEmbedder() {
        insertMessages(1, 2);
        store(SampleItems.message(1, ""), 1, Optional.of(new byte[] {1, 2}));
        store(SampleItems.message(2, ""), 1, Optional.of(new byte[] {3, 4}));
        erase(1);
        assertThat(vectors(1, 2)).extracting(PassageVector::item).containsExactly(SampleItems.id(2));
        write(writer -> writer.changeEmbedder(cube.key(), "embedder-b", 3));
        assertThat(vectors(1, 2)).isEmpty();
    }
}
