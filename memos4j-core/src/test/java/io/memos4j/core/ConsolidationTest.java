package io.memos4j.core;

import io.memos4j.api.CubeId;
import io.memos4j.api.Filter;
import io.memos4j.api.ItemEdit;
import io.memos4j.api.ItemId;
import io.memos4j.api.ItemState;
import io.memos4j.api.ItemType;
import io.memos4j.api.ListRequest;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryItem;
import io.memos4j.api.Message;
import io.memos4j.api.Related;
import io.memos4j.api.SearchHit;
import io.memos4j.api.SearchRequest;
import io.memos4j.api.Selection;
import io.memos4j.api.SourceRef;
import io.memos4j.api.TaskKind;
import io.memos4j.core.consolidation.Consolidation;
import io.memos4j.core.scheduler.Outcome;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.Relation;
import io.memos4j.testkit.HashingEmbedder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** What keeps a cube in order without a model, on a real vault and index: relations, merges, summaries, profiles, settled values. */
class ConsolidationTest {
    private static final Instant MARCH = Instant.parse("2025-03-04T10:00:00Z");
    private static final Instant JUNE = Instant.parse("2025-06-01T10:00:00Z");

    @TempDir
    private Path directory;

    private Engine engine;
    private CubeRow row;
    private MemCube cube;

    @BeforeEach
    void open() {
        engine = Engine.open(
                MemOsConfig.at(directory)
                        .withEmbedder(new HashingEmbedder("hash", 64))
                        .withZone(ZoneOffset.UTC),
                UUID::randomUUID);
        row = engine.create(CubeId.of("alice"));
        cube = new EngineCube(engine, row);
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private Outcome run(TaskKind kind) {
        return run(kind, "");
    }

    private Outcome run(TaskKind kind, String subject) {
        return run(new DirectRun(engine, row, kind, subject));
    }

    private Outcome run(DirectRun run) {
        assertThat(cube.awaitIdle(Duration.ofSeconds(30))).isTrue();
        var handlers = Consolidation.handlers(new Consolidation.Parts(
                engine.vault(),
                engine.indexes(),
                engine.vectors(),
                engine.reader(),
                engine.successions(),
                engine.config().clock(),
                engine.config().zone()));
        return run.with(Objects.requireNonNull(handlers.get(run.task().kind())));
    }

    private ItemId say(String text, Instant when) {
        return say("Alice", text, when);
    }

    private ItemId say(String speaker, String text, Instant when) {
        return cube.add(Message.user(text)
                        .by(speaker)
                        .in("s-" + when.getEpochSecond() / 86_400)
                        .at(when))
                .ids()
                .getFirst();
    }

    private ItemState state(ItemId id) {
        return cube.get(id).orElseThrow().state();
    }

    private List<MemoryItem> ofType(ItemType type) {
        return cube.list(ListRequest.first().where(Filter.type(type))).items();
    }

    private List<Relation> relations(ItemId id) {
        return engine.vault().read(reader -> reader.relations().of(row.key(), id, 100));
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
            assertThat(relation.besides(chessAgain)).isEqualTo(chess);
            assertThat(relation.kind()).isEqualTo(Related.Kind.MEANING);
        });
        assertThat(relations(gerdaAgain)).anySatisfy(relation -> {
            assertThat(relation.besides(gerdaAgain)).isEqualTo(gerda);
            assertThat(relation.kind()).isEqualTo(Related.Kind.NAME);
        });
        List<Relation> before = relations(chessAgain);
        run(TaskKind.LINK);
        assertThat(relations(chessAgain)).isEqualTo(before);
    }

    @Test
    void anEmptyCubeNeedsNothing() {
        for (TaskKind kind :
                List.of(TaskKind.LINK, TaskKind.MERGE, TaskKind.RECONCILE, TaskKind.SUMMARIZE, TaskKind.PROFILE)) {
            assertThat(run(kind)).isInstanceOf(Outcome.Done.class);
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
        assertThat(cube.history(march).getLast().actor()).startsWith("task:merge");
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
        assertThat(cube.search(SearchRequest.of("hut above Chamonix").asOf(MARCH.plusSeconds(60)))
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
        run(new DirectRun(engine, row, TaskKind.MERGE, "")
                .disturbedBy(() -> cube.update(march, ItemEdit.text("I really love sailing"))));
        assertThat(state(march)).isEqualTo(ItemState.ACTIVATED);
        assertThat(cube.get(march).orElseThrow().text()).isEqualTo("I really love sailing");
    }

    @Test
    void equalChineseStatementsAreMerged() {
        ItemId march = say("我喜欢在山里徒步。", MARCH);
        say("我喜欢在山里徒步", JUNE);
        ItemId other = say("我不喜欢在山里徒步", JUNE);
        run(TaskKind.MERGE);
        assertThat(state(march)).isEqualTo(ItemState.MERGED);
        assertThat(state(other)).isEqualTo(ItemState.ACTIVATED);
    }

    private String tellOfAKitchen(int messages) {
        for (int i = 0; i < messages; i++) {
            say(
                    List.of(
                                    "We are renovating the kitchen of our flat in Lyon.",
                                    "The renovation of the kitchen costs 12000 euros.",
                                    "The carpenter Paul builds the kitchen cupboards of oak.",
                                    "It rains all day here.",
                                    "The kitchen will be ready in May, says the carpenter.")
                            .get(i),
                    MARCH.plusSeconds(i));
        }
        return "s-" + MARCH.getEpochSecond() / 86_400;
    }

    @Test
    void aSessionGetsASummaryThatQuotesItsMessagesAndGoesWithThem() {
        String session = tellOfAKitchen(5);
        run(TaskKind.SUMMARIZE, session);
        MemoryItem summary = ofType(ItemType.SUMMARY).getFirst();
        assertThat(summary.text()).contains("2025-03-04 Alice: We are renovating the kitchen");
        assertThat(summary.title()).contains("kitchen");
        assertThat(summary.origin().sources()).isNotEmpty();
        ItemId source = ItemId.parse(summary.origin().sources().getFirst().id());
        assertThat(cube.delete(Selection.item(source)).derived()).contains(summary.id());
        run(TaskKind.SUMMARIZE, session);
        MemoryItem again = ofType(ItemType.SUMMARY).getFirst();
        assertThat(again.origin().sources()).extracting(SourceRef::id).doesNotContain(source.toString());
    }

    @Test
    void aSummaryChangesOnlyIfThereIsSomethingNewToSay() {
        String session = tellOfAKitchen(4);
        run(TaskKind.SUMMARIZE, session);
        MemoryItem first = ofType(ItemType.SUMMARY).getFirst();
        run(TaskKind.SUMMARIZE, session);
        assertThat(ofType(ItemType.SUMMARY)).containsExactly(first);
        say("Paul the carpenter fell ill, so the kitchen in Lyon waits until June.", MARCH.plusSeconds(100));
        run(TaskKind.SUMMARIZE, session);
        MemoryItem second = ofType(ItemType.SUMMARY).getFirst();
        assertThat(second.version()).isEqualTo(2);
        assertThat(second.text()).contains("fell ill");
        assertThat(second.origin().sources())
                .hasSizeGreaterThan(first.origin().sources().size());
    }

    @Test
    void aSummaryIsNotFoundUnlessItsTypeIsAskedFor() {
        run(TaskKind.SUMMARIZE, tellOfAKitchen(5));
        assertThat(cube.search("the kitchen in Lyon").hits())
                .extracting(hit -> hit.item().type())
                .containsOnly(ItemType.MESSAGE);
        assertThat(cube.search(SearchRequest.of("the kitchen in Lyon").where(Filter.type(ItemType.SUMMARY)))
                        .hits())
                .extracting(hit -> hit.item().type())
                .containsOnly(ItemType.SUMMARY);
    }

    @Test
    void aSummaryThatAUserHasRewrittenIsTheUsers() {
        String session = tellOfAKitchen(4);
        run(TaskKind.SUMMARIZE, session);
        ItemId id = ofType(ItemType.SUMMARY).getFirst().id();
        cube.update(id, ItemEdit.text("The kitchen."));
        say("Paul the carpenter fell ill, so the kitchen in Lyon waits until June.", MARCH.plusSeconds(100));
        run(TaskKind.SUMMARIZE, session);
        assertThat(cube.get(id).orElseThrow().text()).isEqualTo("The kitchen.");
    }

    @Test
    void aSourceThatChangesWhileASummaryIsMadeIsReadAgain() {
        String session = tellOfAKitchen(5);
        ItemId first = cube.list(ListRequest.first()).items().getFirst().id();
        run(new DirectRun(engine, row, TaskKind.SUMMARIZE, session)
                .disturbedBy(() -> cube.update(first, ItemEdit.text("We are renovating the kitchen in Nice."))));
        assertThat(ofType(ItemType.SUMMARY).getFirst().text()).contains("Nice").doesNotContain("in Lyon.");
    }

    @Test
    void theSummaryOfACubeIsMadeOfThoseOfItsSessions() {
        run(TaskKind.SUMMARIZE, tellOfAKitchen(5));
        for (String text : List.of(
                "I am training for the marathon in Hamburg.",
                "The marathon plan has five runs a week.",
                "My knee hurts after the long run.",
                "The marathon in Hamburg starts at nine.")) {
            say(text, JUNE);
        }
        run(TaskKind.SUMMARIZE, "s-" + JUNE.getEpochSecond() / 86_400);
        run(TaskKind.SUMMARIZE);
        assertThat(ofType(ItemType.SUMMARY)).hasSize(3);
        MemoryItem whole = ofType(ItemType.SUMMARY).getLast();
        assertThat(whole.text()).contains("kitchen").contains("marathon").contains("2025-06-01 Alice: ");
        assertThat(whole.origin().sources()).hasSize(2);
    }

    @Test
    void aLongSessionIsSummarisedWithinBounds() {
        List<Message> messages = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            messages.add(Message.user("Note " + i + ": the sensor in room " + i % 40 + " of the brewery shows " + i % 97
                            + " degrees.")
                    .by("Alice")
                    .in("long")
                    .at(MARCH.plusSeconds(i)));
        }
        for (int from = 0; from < messages.size(); from += 1_000) {
            cube.add(messages.subList(from, from + 1_000));
        }
        run(TaskKind.SUMMARIZE, "long");
        assertThat(ofType(ItemType.SUMMARY).getFirst().text().length()).isBetween(50, 800);
    }

    @Test
    void aProfileTellsTheNewestThatAPersonSaysOfThemselves() {
        say("I live in Paris.", MARCH);
        ItemId lyon = say("I now live in Lyon.", JUNE);
        say("My favourite colour is blue", MARCH);
        say("Bob", "I work at Acme", MARCH);
        run(TaskKind.PROFILE);
        assertThat(ofType(ItemType.PROFILE))
                .extracting(MemoryItem::text)
                .containsExactlyInAnyOrder(
                        "Alice: I now live in Lyon. My favourite colour is blue.", "Bob: I work at Acme.");
        assertThat(cube.search("Where does Alice live?").hits())
                .extracting(hit -> hit.item().type())
                .doesNotContain(ItemType.PROFILE);
        cube.delete(Selection.item(lyon));
        run(TaskKind.PROFILE);
        assertThat(ofType(ItemType.PROFILE))
                .extracting(MemoryItem::text)
                .anyMatch(text -> text.contains("I live in Paris."));
    }

    @Test
    void aProfileOfWhichNothingIsLeftIsArchived() {
        ItemId paris = say("I live in Paris.", MARCH);
        run(TaskKind.PROFILE);
        cube.update(paris, ItemEdit.NOTHING.state(ItemState.ARCHIVED));
        run(TaskKind.PROFILE);
        assertThat(ofType(ItemType.PROFILE)).extracting(MemoryItem::state).containsExactly(ItemState.ARCHIVED);
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
}
