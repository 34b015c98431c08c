package io.memos4j.core;

import io.memos4j.api.ItemId;
import io.memos4j.api.items.ItemEdit;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.RelatedItem;
import io.memos4j.api.items.Selection;
import io.memos4j.api.search.SearchHit;
import io.memos4j.api.search.SearchRequest;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.core.consolidation.PromoteTask;
import io.memos4j.core.tasks.TaskOutcome;
import io.memos4j.spi.items.ItemRelation;
import io.memos4j.spi.kvcache.PromotionCandidate;
import io.memos4j.spi.kvcache.PromotionTarget;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests relations, deduplication and conflict resolution in the background without a model. */
class ConsolidationTest extends ConsolidationFixture {
    private List<ItemRelation> relations(ItemId id) {
        return engine.storage.vault.read(reader -> reader.relations().of(row.key(), id, 100));
    }

    @Test
    void aNewItemIsRelatedToWhatSaysSomethingAlikeAndToWhatSpeaksOfTheSameRareName() {
        ItemId chess = say("We play chess in the garden on Sundays", MARCH);
        ItemId gerda = say("On Monday I helped Gerda Nowak to paint her kitchen", MARCH);
        for (int i = 0; i < 30; i++) {
            say("Filler number " + i + " about topic " + (i * 7919 % 101) + " and " + (i * 104_729 % 97), MARCH);
        }
        ItemId chessAgain = say("We play chess in the garden on Saturdays", JUNE);
        ItemId gerdaAgain = say("The dentist says that Gerda Nowak was there too", JUNE);
        run(TaskKind.LINK);
        assertThat(relations(chessAgain)).anySatisfy(relation -> {
            assertThat(relation.otherThan(chessAgain)).isEqualTo(chess);
            assertThat(relation.kind()).isEqualTo(RelatedItem.Kind.MEANING);
        });
        assertThat(relations(gerdaAgain)).anySatisfy(relation -> {
            assertThat(relation.otherThan(gerdaAgain)).isEqualTo(gerda);
            assertThat(relation.kind()).isEqualTo(RelatedItem.Kind.NAME);
        });
        List<ItemRelation> before = relations(chessAgain);
        run(TaskKind.LINK);
        assertThat(relations(chessAgain)).isEqualTo(before);
    }

    @Test
    void aBacklogIsRelatedLikeASingleItem() {
        List<ItemId> songs = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            say("Filler number " + i + " about topic " + (i * 7919 % 101) + " and " + (i * 104_729 % 97), MARCH);
            if (i % 75 == 74) {
                songs.add(say("Grandmother sings old ballads in the kitchen, verse " + i, MARCH));
            }
        }
        run(TaskKind.LINK);
        assertThat(songs)
                .allSatisfy(song -> assertThat(relations(song))
                        .extracting(relation -> relation.otherThan(song))
                        .containsAll(songs.stream()
                                .filter(other -> !other.equals(song))
                                .toList()));
    }

    @Test
    void anEmptyCubeNeedsNothing() {
        for (TaskKind kind :
                List.of(TaskKind.LINK, TaskKind.MERGE, TaskKind.RECONCILE, TaskKind.SUMMARIZE, TaskKind.PROFILE)) {
            assertThat(run(kind)).isInstanceOf(TaskOutcome.Done.class);
        }
        assertThat(cube.describe().items()).isEmpty();
    }

    @Test
    void theNewerOfTwoItemsThatSayTheSameStandsForTheOlder() {
        ItemId march = say("The hut above Chamonix has eleven beds!", MARCH);
        ItemId june = say("Oh, the hut above chamonix has eleven beds", JUNE);
        run(TaskKind.MERGE);
        assertThat(state(march)).isEqualTo(ItemState.MERGED);
        assertThat(cube.history(march).getLast().cause()).isEqualTo("says the same as " + june);
        assertThat(cube.history(march).getLast().actor().stored()).startsWith("task:merge");
        assertThat(cube.search("hut above Chamonix").hits())
                .filteredOn(hit -> hit.item().id().equals(june))
                .singleElement()
                .extracting(SearchHit::duplicates)
                .isEqualTo(List.of(march));
    }

    @Test
    void aMergeIsInForceOnlySinceTheSurvivorWasSaid() {
        ItemId march = say("The hut above Chamonix has eleven beds!", MARCH);
        say("The hut above Chamonix has eleven beds", JUNE);
        run(TaskKind.MERGE);
        assertThat(cube.search(SearchRequest.of("hut above Chamonix").validAt(MARCH.plusSeconds(60)))
                        .hits())
                .extracting(hit -> hit.item().id())
                .contains(march);
    }

    @Test
    void aReinstatedItemIsNotMergedAgain() {
        ItemId march = say("I really love hiking in the Alps", MARCH);
        say("I really love hiking in the alps", JUNE);
        run(TaskKind.MERGE);
        cube.reinstate(march);
        assertThat(state(march)).isEqualTo(ItemState.ACTIVATED);
        say("I really love hiking in the ALPS!", JUNE.plusSeconds(90_000));
        run(TaskKind.MERGE);
        assertThat(state(march)).isEqualTo(ItemState.ACTIVATED);
    }

    @Test
    void anErasedSurvivorGivesBackWhatWasMergedIntoItAlsoThroughAnother() {
        ItemId march = say("The hut above Chamonix has eleven beds", MARCH);
        ItemId april = say("The hut above Chamonix has eleven beds!", MARCH.plusSeconds(2_000_000));
        run(TaskKind.MERGE);
        ItemId june = say("The hut above CHAMONIX has eleven beds", JUNE);
        run(TaskKind.MERGE);
        assertThat(state(march)).isEqualTo(ItemState.MERGED);
        assertThat(state(april)).isEqualTo(ItemState.MERGED);
        assertThat(cube.search("hut above Chamonix").hits().getFirst().duplicates())
                .contains(march, april);
        cube.delete(Selection.item(june));
        assertThat(state(march)).isEqualTo(ItemState.ACTIVATED);
        assertThat(state(april)).isEqualTo(ItemState.ACTIVATED);
    }

    @Test
    void whatDiffersInANumberANegationAPersonOrTheirOrderIsNotTheSame() {
        List<ItemId> ids = new ArrayList<>();
        Instant when = MARCH;
        for (String text : List.of(
                "My locker in the gym is number 12",
                "My locker in the gym is number 13",
                "I like strong coffee in bed",
                "I do not like strong coffee in bed",
                "Call the office before noon",
                "Call the office after noon",
                "Anna is taller than Tom Berg",
                "Tom Berg is taller than Anna",
                "Do you like black tea with lemon?",
                "you like black tea with lemon")) {
            when = when.plusSeconds(86_400);
            ids.add(say(text, when));
        }
        ids.add(say("Bob", "I like strong coffee in bed", when));
        run(TaskKind.MERGE);
        assertThat(ids)
                .allMatch(id -> state(id) == ItemState.ACTIVATED
                        || !cube.history(id).getLast().cause().startsWith("says the same"));
    }

    @Test
    void whatHappenedOnTwoDaysHappenedTwice() {
        ItemId march = say("We went to the beach with the children", MARCH);
        ItemId june = say("We went to the beach with the children", JUNE);
        ItemId today = say("There is a concert in the park today", MARCH);
        say("There is a concert in the park today", JUNE);
        run(TaskKind.MERGE);
        assertThat(List.of(march, june, today)).allMatch(id -> state(id) == ItemState.ACTIVATED);
    }

    @Test
    void aFrozenItemIsNeverMerged() {
        ItemId march = say("I really love hiking in the Alps", MARCH);
        cube.update(march, ItemEdit.NOTHING.state(ItemState.FROZEN));
        say("I really love hiking in the alps!", JUNE);
        run(TaskKind.MERGE);
        assertThat(state(march)).isEqualTo(ItemState.FROZEN);
    }

    @Test
    void anItemThatIsEditedBetweenReadingAndMergingIsLeftAlone() {
        ItemId march = say("I really love hiking in the Alps", MARCH);
        say("I really love hiking in the alps!", JUNE);
        run(new DirectTaskRun(engine, row, TaskKind.MERGE, "")
                .disturbedBy(() -> cube.update(march, ItemEdit.text("I really love sailing"))));
        assertThat(state(march)).isEqualTo(ItemState.ACTIVATED);
        assertThat(cube.get(march).orElseThrow().text()).isEqualTo("I really love sailing");
    }

    @Test
    void equalChineseStatementsAreMerged() {
        ItemId march = say("我经常在山里徒步。", MARCH);
        say("我经常在山里徒步", JUNE);
        ItemId other = say("我不经常在山里徒步", JUNE);
        run(TaskKind.MERGE);
        assertThat(state(march)).isEqualTo(ItemState.MERGED);
        assertThat(state(other)).isEqualTo(ItemState.ACTIVATED);
    }

    @Test
    void theLaterOfTwoValuesIsCurrentUnlessTheUserAskedTheFormerBack() {
        ItemId paris = say("I live in Paris.", MARCH);
        ItemId lyon = say("I live in Lyon.", JUNE);
        assertThat(state(paris)).isEqualTo(ItemState.ARCHIVED);
        cube.update(paris, ItemEdit.NOTHING.state(ItemState.ACTIVATED));
        run(TaskKind.RECONCILE);
        assertThat(state(paris)).isEqualTo(ItemState.ARCHIVED);
        assertThat(cube.history(paris).getLast().cause()).contains("superseded by " + lyon);
        cube.reinstate(paris);
        run(TaskKind.RECONCILE);
        assertThat(state(paris)).isEqualTo(ItemState.ACTIVATED);
        assertThat(state(lyon)).isEqualTo(ItemState.ACTIVATED);
    }

    @Test
    void whatIsHotAndStableIsOffered() {
        ItemId hot = say("The hut above Chamonix has eleven beds", MARCH);
        ItemId cold = say("The tent has room for two", MARCH);
        List<PromotionCandidate> offered = new ArrayList<>();
        PromotionTarget target = (id, memories) -> offered.addAll(memories);
        PromoteTask.HottestMemories uses = (reader, key, limit) ->
                List.of(new PromoteTask.MemoryUse(hot, 9, 3.5, 0.5), new PromoteTask.MemoryUse(cold, 1, 0.1, 0.5));
        DirectTaskRun run = new DirectTaskRun(engine, row, TaskKind.PROMOTE, "");
        Instant now = engine.storage.clock.instant();
        run.with(new PromoteTask(engine.storage.vault, uses, List.of(target), () -> now.plus(Duration.ofDays(6))));
        assertThat(offered).isEmpty();
        run.with(new PromoteTask(engine.storage.vault, uses, List.of(target), () -> now.plus(Duration.ofDays(8))));
        assertThat(offered).singleElement().satisfies(each -> {
            assertThat(each.item().id()).isEqualTo(hot);
            assertThat(each.uses()).isEqualTo(9);
            assertThat(each.heat()).isEqualTo(3.5);
        });
    }
}
