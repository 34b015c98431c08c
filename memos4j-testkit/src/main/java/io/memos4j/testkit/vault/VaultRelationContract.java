package io.memos4j.testkit.vault;

import io.memos4j.api.items.ItemOrigin;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.RelatedItem;
import io.memos4j.api.items.Role;
import io.memos4j.api.items.SourceReference;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.items.ItemRelation;
import io.memos4j.testkit.SampleItems;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Contract of vaults for relations, for the sources of an item that is regenerated, and for claims as a whole. */
abstract class VaultRelationContract extends VaultUsageContract {
    @Test
    void relationsAreFoundFromBothSidesStrongestFirst() {
        insertMessages(1, 2, 3);
        relate(relation(2, 1, 0.5), relation(2, 3, 0.75));
        assertThat(related(2))
                .extracting(each -> each.otherThan(SampleItems.id(2)))
                .isEqualTo(ids(3, 1));
        assertThat(related(1))
                .extracting(each -> each.otherThan(SampleItems.id(1)))
                .isEqualTo(ids(2));
        assertThat(vault.<List<ItemRelation>>read(reader -> reader.relations().of(cube.key(), SampleItems.id(2), 1)))
                .extracting(ItemRelation::weight)
                .containsExactly(0.75);
    }

    @Test
    void aRelationThatIsRecordedAgainTheOtherWayRoundIsReplaced() {
        insertMessages(1, 2);
        relate(relation(1, 2, 0.5));
        relate(relation(2, 1, 0.25));
        assertThat(related(1)).extracting(ItemRelation::weight).containsExactly(0.25);
        relate(new ItemRelation(SampleItems.id(1), SampleItems.id(2), RelatedItem.Kind.NAME, 1));
        assertThat(related(1))
                .extracting(ItemRelation::kind)
                .containsExactly(RelatedItem.Kind.NAME, RelatedItem.Kind.MEANING);
    }

    @Test
    void relationsOfAnUnknownItemAreLeftOut() {
        insertMessages(1);
        relate(relation(1, 9, 0.5));
        assertThat(related(1)).isEmpty();
    }

    @Test
    void relationsGoWithTheirItemAndStayInTheirCube() {
        CubeRow other = other();
        insertMessages(1, 2, 3);
        relate(relation(1, 2, 0.5), relation(2, 3, 0.5));
        assertThat(vault.<List<ItemRelation>>read(reader -> reader.relations().of(other.key(), SampleItems.id(2), 9)))
                .isEmpty();
        erase(1);
        assertThat(related(2)).hasSize(1);
        write(writer -> writer.relations().unrelate(other.key(), SampleItems.id(2)));
        assertThat(related(2)).hasSize(1);
        write(writer -> writer.relations().unrelate(cube.key(), SampleItems.id(2)));
        assertThat(related(2)).isEmpty();
        assertThat(related(3)).isEmpty();
    }

    @Test
    void anItemThatIsMadeAnewNamesItsNewSources() {
        insertMessages(1, 2);
        MemoryItem derived = SampleItems.derived(3, "from 1", SampleItems.id(1));
        insert(derived);
        MemoryItem next = madeFrom(SampleItems.revised(derived, "from 2"), 2);
        replace(next);
        assertThat(vault.<List<MemoryItem>>read(reader -> reader.items(cube.key(), ids(3))))
                .containsExactly(next);
        assertThat(vault.<List<?>>read(reader -> reader.derivedFrom(cube.key(), ids(1))))
                .isEmpty();
        assertThat(vault.<List<?>>read(reader -> reader.derivedFrom(cube.key(), ids(2))))
                .hasSize(1);
    }

    @Test
    void itemsThatClaimAreListedNewestFirstWhileTheyAreActivated() {
        claim(1, "residence", "paris");
        insertMessages(2);
        MemoryItem acme = claim(3, "employer", "acme");
        claim(4, "name", "eva");
        replace(acme.next(ItemState.ARCHIVED, Optional.empty(), SampleItems.time(9)));
        assertThat(vault.<List<?>>read(reader -> reader.itemsWithClaims(cube.key(), 10)))
                .isEqualTo(ids(4, 1));
        assertThat(vault.<List<?>>read(reader -> reader.itemsWithClaims(cube.key(), 1)))
                .isEqualTo(ids(4));
    }

    @Test
    void keysWithSeveralValuesAmongActivatedItemsAreDisputed() {
        claim(1, "residence", "paris");
        claim(2, "residence", "lyon");
        claim(3, "employer", "acme");
        claim(4, "employer", "acme");
        MemoryItem smith = claim(5, "name", "smith");
        claim(6, "name", "jones");
        claim(7, "age", "1");
        claim(8, "age", "2");
        assertThat(disputed("", 10)).containsExactly("age", "name", "residence");
        assertThat(disputed("", 1)).containsExactly("age");
        assertThat(disputed("age", 10)).containsExactly("name", "residence");
        replace(smith.next(ItemState.ARCHIVED, Optional.empty(), SampleItems.time(9)));
        assertThat(disputed("age", 10)).containsExactly("residence");
    }

    private List<String> disputed(String after, int limit) {
        return vault.read(reader -> reader.contestedKeys(cube.key(), after, limit));
    }

    private static MemoryItem madeFrom(MemoryItem item, long... sources) {
        List<SourceReference> refs = LongStream.of(sources)
                .mapToObj(number -> SourceReference.item(SampleItems.id(number)))
                .toList();
        return new MemoryItem(
                item.cube(),
                item.id(),
                item.version(),
                item.type(),
                item.state(),
                item.text(),
                item.title(),
                new ItemOrigin("", Role.NONE, "", refs),
                item.times(),
                Set.of(),
                item.metadata());
    }

    private static ItemRelation relation(long item, long other, double weight) {
        return new ItemRelation(SampleItems.id(item), SampleItems.id(other), RelatedItem.Kind.MEANING, weight);
    }

    private void relate(ItemRelation... relations) {
        write(writer -> writer.relations().relate(cube.key(), List.of(relations)));
    }

    private List<ItemRelation> related(long number) {
        return vault.read(reader -> reader.relations().of(cube.key(), SampleItems.id(number), 100));
    }
}
