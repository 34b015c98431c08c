package io.memos4j.core;

import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.history.SupersessionRecord;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ItemEdit;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Message;
import io.memos4j.api.items.Note;
import io.memos4j.api.items.Selection;
import io.memos4j.api.items.SourceReference;
import io.memos4j.api.search.SearchRequest;
import io.memos4j.api.transfer.MergeReport;
import io.memos4j.api.transfer.MergeReport.Duplicate;
import io.memos4j.api.transfer.MoveReport;
import io.memos4j.api.transfer.TransferConflict;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.transfer.ItemCounterpart;
import io.memos4j.spi.vault.Vault;
import io.memos4j.spi.vault.VaultProvider;
import io.memos4j.testkit.models.HashingEmbedder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static io.memos4j.testkit.FailureAssertions.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

/** Tests merging cubes and moving items between them. */
class TransferTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Instant MARCH = Instant.parse("2025-03-04T10:00:00Z");
    private static final Instant JUNE = Instant.parse("2025-06-01T10:00:00Z");

    @TempDir
    private Path directory;

    private HashingEmbedder embedder;
    private MemOs memos;
    private MemCube from;
    private MemCube to;

    @BeforeEach
    void open() {
        embedder = new HashingEmbedder("hash", 64);
        memos = MemOs.open(MemOsConfig.at(directory).withEmbedder(embedder));
        from = memos.cube("Reise 旅行");
        to = memos.cube("to");
    }

    @AfterEach
    void close() {
        memos.close();
    }

    private static ItemId say(MemCube cube, String text, Instant when) {
        return cube.add(Message.user(text).by("Alice").at(when)).ids().getFirst();
    }

    private MergeReport merge() {
        return memos.merge(from.id(), to.id());
    }

    private static MemoryItem item(MemCube cube, ItemId id) {
        return cube.get(id).orElseThrow();
    }

    private static List<String> found(MemCube cube, String query) {
        assertThat(cube.awaitIdle(PATIENCE)).isTrue();
        return cube.search(SearchRequest.of(query).within(PATIENCE)).hits().stream()
                .map(hit -> hit.item().text())
                .toList();
    }

    private static long count(MemCube cube) {
        return cube.describe().itemCount();
    }

    @Test
    void aMergedItemHasItsIdItsHistoryAndItsVector() {
        ItemId id = from.add(Note.of("The ferry leaves at nien.")
                        .titled("Ferry")
                        .tagged("travel")
                        .with(Map.of("port", "Brest")))
                .ids()
                .getFirst();
        from.update(id, ItemEdit.text("The ferry leaves at nine."));
        assertThat(from.awaitIdle(PATIENCE)).isTrue();
        int calls = embedder.calls();
        MergeReport report = merge();
        assertThat(report.copied()).containsExactly(id);
        assertThat(to.history(id))
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("item.cube")
                .isEqualTo(from.history(id));
        assertThat(item(to, id).cube()).isEqualTo(to.id());
        assertThat(to.describe().pendingVectors()).isZero();
        assertThat(embedder.calls()).isEqualTo(calls);
        assertThat(found(to, "When does the ferry leave?")).containsExactly("The ferry leaves at nine.");
        assertThat(found(from, "ferry")).as("stays").hasSize(1);
    }

    @Test
    void mergingTwiceChangesNothing() {
        say(from, "I live in Paris.", MARCH);
        say(to, "I live in Lyon.", JUNE);
        MergeReport first = merge();
        assertThat(to.awaitIdle(PATIENCE)).isTrue();
        long changes = to.describe().changes();
        MergeReport second = merge();
        assertThat(first.copied()).hasSize(1);
        assertThat(second.copied()).isEmpty();
        assertThat(second.conflicts()).isEmpty();
        assertThat(second.duplicates())
                .containsExactly(
                        new Duplicate(first.copied().getFirst(), first.copied().getFirst(), true));
        assertThat(to.describe().changes()).isEqualTo(changes);
    }

    @Test
    void theSameInputInBothCubesIsADuplicate() {
        ItemId here = say(from, "The gate code is 4711.", MARCH);
        ItemId there = say(to, "The gate code is 4711.", MARCH);
        MergeReport report = merge();
        assertThat(report.copied()).isEmpty();
        assertThat(report.duplicates()).containsExactly(new Duplicate(here, there, true));
        assertThat(count(to)).isEqualTo(1);
    }

    @Test
    void aDuplicateThatWasChangedIsReportedAndStaysAsItIs() {
        ItemId id = from.add("The code is 4711.").ids().getFirst();
        merge();
        to.update(id, ItemEdit.text("The code is 4712."));
        assertThat(merge().duplicates()).containsExactly(new Duplicate(id, id, false));
        assertThat(item(to, id).text()).isEqualTo("The code is 4712.");
        assertThat(item(from, id).text()).isEqualTo("The code is 4711.");
    }

    @Test
    void theLaterOfTwoValuesHoldsWhereverItComesFrom() {
        ItemId paris = say(from, "I live in Paris.", MARCH);
        ItemId lyon = say(to, "I live in Lyon.", JUNE);
        ItemId acme = say(to, "I work at Acme.", MARCH);
        ItemId globex = say(from, "I work at Globex.", JUNE);
        MergeReport report = merge();
        assertThat(report.conflicts())
                .extracting(each -> each.incoming().id(), each -> each.present().id(), TransferConflict::incomingHolds)
                .containsExactlyInAnyOrder(tuple(paris, lyon, false), tuple(globex, acme, true));
        assertThat(item(to, paris).state()).isEqualTo(ItemState.ARCHIVED);
        assertThat(item(to, acme).state()).isEqualTo(ItemState.ARCHIVED);
        assertThat(item(from, paris).state()).as("untouched").isEqualTo(ItemState.ACTIVATED);
        assertThat(to.supersessions(paris)).singleElement().satisfies(each -> {
            assertThat(each.successor()).isEqualTo(lyon);
            assertThat(each.reason()).contains("Reise 旅行");
        });
        assertThat(found(to, "Where does Alice live?"))
                .containsExactlyInAnyOrder("I live in Lyon.", "I work at Globex.");
    }

    @Test
    void aConflictCanBeUndoneAndStaysUndone() {
        ItemId paris = say(from, "I live in Paris.", MARCH);
        say(to, "I live in Lyon.", JUNE);
        merge();
        to.reinstate(paris);
        assertThat(item(to, paris).state()).isEqualTo(ItemState.ACTIVATED);
        assertThat(merge().conflicts()).isEmpty();
        assertThat(item(to, paris).state()).isEqualTo(ItemState.ACTIVATED);
        assertThat(to.supersessions(paris)).isEmpty();
    }

    @Test
    void ofTwoValuesOfTheSameTimeTheOneThatWasThereHolds() {
        say(from, "I live in Paris.", MARCH);
        say(to, "I live in Lyon.", MARCH);
        assertThat(merge().conflicts())
                .singleElement()
                .satisfies(each -> assertThat(each.current().text()).isEqualTo("I live in Lyon."));
    }

    @Test
    void aFrozenStatementIsNotDecidedAgainst() {
        say(from, "I live in Paris.", JUNE);
        ItemId lyon = say(to, "I live in Lyon.", MARCH);
        to.update(lyon, ItemEdit.NOTHING.state(ItemState.FROZEN));
        assertThat(merge().conflicts()).isEmpty();
        assertThat(item(to, lyon).state()).isEqualTo(ItemState.FROZEN);
    }

    @Test
    void comparingSaysWhatAMergeWouldDoAndDoesNothing() {
        say(from, "I live in Paris.", MARCH);
        say(from, "The gate code is 4711.", MARCH);
        say(to, "The gate code is 4711.", MARCH);
        say(to, "I live in Lyon.", JUNE);
        assertThat(to.awaitIdle(PATIENCE)).isTrue();
        long changes = to.describe().changes();
        MergeReport would = memos.compare(from.id(), to.id());
        assertThat(to.describe().changes()).isEqualTo(changes);
        assertThat(would).isEqualTo(merge());
    }

    @Test
    void successionsComeAlong() {
        ItemId paris = say(from, "I live in Paris.", MARCH);
        ItemId lyon = say(from, "I moved to Lyon.", JUNE);
        merge();
        assertThat(to.supersessions(paris))
                .extracting(SupersessionRecord::successor)
                .containsExactly(lyon);
        assertThat(item(to, paris).state()).isEqualTo(ItemState.ARCHIVED);
        to.reinstate(paris);
        assertThat(item(to, paris).state()).isEqualTo(ItemState.ACTIVATED);
    }

    @Test
    void aMergeInManyBatchesCopiesEverythingOnceAndInOrder() {
        fill(1_203);
        MergeReport report = merge();
        assertThat(report.copied()).hasSize(1_203).doesNotHaveDuplicates();
        assertThat(texts(to)).isEqualTo(texts(from));
        assertThat(found(to, "number 1100")).first().isEqualTo("number 1100");
    }

    private void fill(int count) {
        for (int start = 0; start < count; start += 100) {
            from.add(IntStream.range(start, Math.min(count, start + 100))
                    .mapToObj(i -> Note.of("number " + i))
                    .toList());
        }
    }

    private static List<String> texts(MemCube cube) {
        List<String> texts = new ArrayList<>();
        String after = "";
        while (!after.equals("end")) {
            var page =
                    cube.list(ListRequest.first().limit(ListRequest.MAX_LIMIT).after(after));
            page.items().forEach(item -> texts.add(item.text()));
            after = page.next().orElse("end");
        }
        return texts;
    }

    /**
     * Copies as much as a merge that is killed after its first transaction: a part of the items, and no record of the
     * rest.
     */
    @Test
    void aMergeThatWasKilledBetweenTwoBatchesIsCompletedByRepeatingIt() {
        fill(700);
        memos.close();
        try (Vault vault = ServiceLoader.load(VaultProvider.class)
                .findFirst()
                .orElseThrow()
                .open(directory, Long.MAX_VALUE)) {
            vault.write(writer -> {
                CubeRow source = writer.findCube(from.id()).orElseThrow();
                CubeRow target = writer.findCube(to.id()).orElseThrow();
                List<ItemId> part = writer.transfers().findCounterparts(source.key(), target.key(), 0, 500).stream()
                        .map(ItemCounterpart::item)
                        .toList();
                return writer.transfers().copy(source.key(), target.key(), part);
            });
        }
        open();
        assertThat(count(to)).isEqualTo(500);
        MergeReport report = merge();
        assertThat(report.copied()).hasSize(200);
        assertThat(report.duplicates()).hasSize(500).allMatch(Duplicate::same);
        assertThat(texts(to)).isEqualTo(texts(from));
    }

    @Test
    void anotherEmbeddersItemsGetTheirVectorsAnew() {
        from.add("The ferry leaves at nine.");
        assertThat(from.awaitIdle(PATIENCE)).isTrue();
        memos.close();
        memos = MemOs.open(MemOsConfig.at(directory).withEmbedder(new HashingEmbedder("other", 64)));
        MemCube fresh = memos.cube("fresh");
        memos.merge(from.id(), fresh.id());
        assertThat(found(fresh, "ferry")).hasSize(1);
        assertThat(fresh.describe().pendingVectors()).isZero();
        refused(ErrorCode.EMBEDDER_MISMATCH, () -> memos.merge(fresh.id(), to.id()));
    }

    @Test
    void movedItemsTakeWhatWasMadeOfThemAlongAndLeaveNothingBehind() {
        ItemId source =
                from.add(Note.of("The ferry leaves at nine.").in("trip")).ids().getFirst();
        ItemId stays =
                from.add(Note.of("The hotel is booked.").in("home")).ids().getFirst();
        ItemId derived = from.add(Note.of("Ferry at nine, hotel booked.")
                        .in("summary")
                        .from(SourceReference.item(source), SourceReference.item(stays)))
                .ids()
                .getFirst();
        assertThat(from.awaitIdle(PATIENCE)).isTrue();
        MoveReport report = memos.move(from.id(), to.id(), Selection.session("trip"));
        assertThat(report.selected()).containsExactly(source);
        assertThat(report.derived()).containsExactly(derived);
        assertThat(from.get(source)).isEmpty();
        assertThat(from.get(derived)).isEmpty();
        assertThat(found(from, "ferry")).containsExactly("The hotel is booked.");
        assertThat(item(to, derived).origin().sources())
                .containsExactly(SourceReference.item(source), SourceReference.external("cube:Reise 旅行/" + stays));
        assertThat(found(to, "ferry"))
                .as("with what it was made from folded")
                .containsExactly("Ferry at nine, hotel booked.");
        assertThat(item(to, source).origin().session()).isEqualTo("trip");
        assertThat(to.history(source)).hasSize(1);
    }

    @Test
    void whatAMovedItemHadReplacedHoldsAgainWhereItWas() {
        ItemId paris = say(from, "I live in Paris.", MARCH);
        ItemId lyon = say(from, "I moved to Lyon.", JUNE);
        memos.move(from.id(), to.id(), Selection.item(lyon));
        assertThat(item(from, paris).state()).isEqualTo(ItemState.ACTIVATED);
        assertThat(found(from, "Where does Alice live?")).containsExactly("I live in Paris.");
        assertThat(found(to, "Where does Alice live?")).containsExactly("I moved to Lyon.");
    }

    @Test
    void whatMovesTogetherStaysTogether() {
        ItemId paris = say(from, "I live in Paris.", MARCH);
        ItemId lyon = say(from, "I moved to Lyon.", JUNE);
        memos.move(from.id(), to.id(), Selection.matching(Filter.ALL));
        assertThat(count(from)).isZero();
        assertThat(to.supersessions(lyon))
                .extracting(SupersessionRecord::former)
                .containsExactly(paris);
        assertThat(item(to, paris).times().validTo()).contains(JUNE);
    }

    @Test
    void aMoveMeetsWhatIsThere() {
        ItemId paris = say(from, "I live in Paris.", MARCH);
        say(to, "I live in Lyon.", JUNE);
        MoveReport report = memos.move(from.id(), to.id(), Selection.item(paris));
        assertThat(report.conflicts()).hasSize(1);
        assertThat(item(to, paris).state()).isEqualTo(ItemState.ARCHIVED);
    }

    @Test
    void anItemCanMoveThereAndBackAndIsFoundAfterARebuild() {
        ItemId id = from.add("The ferry leaves at nine.").ids().getFirst();
        assertThat(from.awaitIdle(PATIENCE)).isTrue();
        memos.move(from.id(), to.id(), Selection.item(id));
        memos.move(to.id(), from.id(), Selection.item(id));
        assertThat(found(from, "ferry")).hasSize(1);
        assertThat(found(to, "ferry")).isEmpty();
        from.reindex();
        assertThat(found(from, "ferry")).hasSize(1);
    }

    @Test
    void frozenItemsDoNotMove() {
        ItemId id = from.add("The ferry leaves at nine.").ids().getFirst();
        from.update(id, ItemEdit.NOTHING.state(ItemState.FROZEN));
        assertThatThrownBy(() -> memos.move(from.id(), to.id(), Selection.item(id)))
                .isInstanceOf(MemoryException.class)
                .hasMessageContaining("frozen");
        assertThat(count(from)).isEqualTo(1);
        assertThat(count(to)).isZero();
    }

    @Test
    void anItemThatIsThereWithAnotherTextDoesNotMove() {
        ItemId id = from.add("The code is 4711.").ids().getFirst();
        merge();
        from.update(id, ItemEdit.text("The code is 4712."));
        refused(ErrorCode.VERSION_CONFLICT, () -> memos.move(from.id(), to.id(), Selection.item(id)));
        assertThat(item(from, id).text()).isEqualTo("The code is 4712.");
    }

    @Test
    void aCubeIsNotMergedWithItselfOrWithNone() {
        assertThatThrownBy(() -> memos.merge(from.id(), from.id())).hasMessageContaining("Name two cubes");
        refused(ErrorCode.CUBE_NOT_FOUND, () -> memos.merge(from.id(), CubeId.of("nowhere")));
    }
}
