package io.memos4j.core;

import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Warning;
import io.memos4j.api.history.ItemVersion;
import io.memos4j.api.history.SupersessionRecord;
import io.memos4j.api.items.AddResult.Outcome;
import io.memos4j.api.items.Feedback;
import io.memos4j.api.items.FeedbackResult;
import io.memos4j.api.items.ItemEdit;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.Message;
import io.memos4j.api.items.Note;
import io.memos4j.api.items.Selection;
import io.memos4j.api.search.SearchRequest;
import io.memos4j.api.search.SearchResult;
import io.memos4j.testkit.models.HashingEmbedder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Present and former states of items, without a language model. */
class ItemStateTest {
    private static final Instant MARCH = Instant.parse("2025-03-04T10:00:00Z");
    private static final Instant JUNE = Instant.parse("2025-06-01T10:00:00Z");

    @TempDir
    private Path directory;

    private MemOs memos;
    private MemCube cube;

    @BeforeEach
    void open() {
        memos = MemOs.open(MemOsConfig.at(directory).withEmbedder(new HashingEmbedder("hash", 64)));
        cube = memos.cube("alice");
    }

    @AfterEach
    void close() {
        memos.close();
    }

    private ItemId say(String text, Instant when) {
        return cube.add(Message.user(text).by("Alice").at(when)).ids().getFirst();
    }

    private List<String> found(String query) {
        return texts(search(SearchRequest.of(query)));
    }

    private SearchResult search(SearchRequest request) {
        assertThat(cube.awaitIdle(Duration.ofMinutes(1))).isTrue();
        return cube.search(request);
    }

    private static List<String> texts(SearchResult result) {
        return result.hits().stream().map(hit -> hit.item().text()).toList();
    }

    private ItemState state(ItemId id) {
        return cube.get(id).orElseThrow().state();
    }

    @Test
    void aRestatedValueTakesThePlaceOfTheFormer() {
        ItemId paris = say("I live in Paris.", MARCH);
        ItemId lyon = say("I moved to Lyon.", JUNE);
        assertThat(found("Where does Alice live?")).containsExactly("I moved to Lyon.");
        assertThat(cube.get(paris).orElseThrow().times().validTo()).contains(JUNE);
        assertThat(cube.supersessions(paris)).singleElement().satisfies(succession -> {
            assertThat(succession.former()).isEqualTo(paris);
            assertThat(succession.successor()).isEqualTo(lyon);
            assertThat(succession.since()).isEqualTo(JUNE);
            assertThat(succession.reason()).isNotBlank();
        });
        assertThat(cube.history(paris).getLast().cause()).contains(lyon.toString());
    }

    @Test
    void theFormerValueComesWhenHistoryIsAskedFor() {
        say("I live in Paris.", MARCH);
        say("I moved to Lyon.", JUNE);
        SearchResult result = search(SearchRequest.of("Where did Alice live previously?"));
        assertThat(texts(result)).contains("I live in Paris.");
        assertThat(result.context()).contains("I live in Paris. (until 2025-06-01)");
    }

    @Test
    void asOfGivesTheValueOfThen() {
        say("I live in Paris.", MARCH);
        say("I moved to Lyon.", JUNE);
        SearchRequest then = SearchRequest.of("Where does Alice live?").validAt(MARCH.plus(Duration.ofDays(3)));
        assertThat(texts(search(then))).containsExactly("I live in Paris.");
        assertThat(texts(search(then.validAt(JUNE.plusSeconds(1))))).containsExactly("I moved to Lyon.");
        assertThat(search(then.validAt(MARCH.minusSeconds(1))).hits()).isEmpty();
    }

    @Test
    void aSuccessionIsAVersionThatCanBeUndone() {
        ItemId paris = say("I live in Paris.", MARCH);
        ItemId lyon = say("I moved to Lyon.", JUNE);
        assertThat(cube.reinstate(paris).times().validTo()).isEmpty();
        assertThat(found("Where does Alice live?")).containsExactlyInAnyOrder("I live in Paris.", "I moved to Lyon.");
        assertThat(cube.supersessions(lyon)).isEmpty();
        assertThat(cube.history(paris)).extracting(ItemVersion::cause).contains("reinstated");
        int versions = cube.history(paris).size();
        cube.reinstate(paris);
        assertThat(cube.history(paris)).hasSize(versions);
    }

    @Test
    void erasingTheSuccessorBringsTheFormerBack() {
        ItemId paris = say("I live in Paris.", MARCH);
        ItemId lyon = say("I moved to Lyon.", JUNE);
        cube.delete(Selection.item(lyon));
        assertThat(state(paris)).isEqualTo(ItemState.ACTIVATED);
        assertThat(found("Where does Alice live?")).containsExactly("I live in Paris.");
    }

    @Test
    void aSecondHobbyDoesNotRetireTheFirst() {
        ItemId hiking = say("I like hiking.", MARCH);
        ItemId painting = say("I like painting.", JUNE);
        assertThat(List.of(state(hiking), state(painting))).containsOnly(ItemState.ACTIVATED);
    }

    @Test
    void whatIsSaidToHoldNoLongerIsRetiredAndNothingElse() {
        ItemId paris = say("I live in Paris.", MARCH);
        ItemId job = say("I work at Acme.", MARCH);
        say("I no longer live in Paris.", JUNE);
        assertThat(state(paris)).isEqualTo(ItemState.ARCHIVED);
        assertThat(state(job)).isEqualTo(ItemState.ACTIVATED);
        ItemId lyon = say("I live in Lyon.", JUNE.plusSeconds(5));
        say("I no longer live in Paris.", JUNE.plusSeconds(9));
        assertThat(state(lyon)).isEqualTo(ItemState.ACTIVATED);
    }

    @Test
    void anOlderStatementThatComesLaterIsTheFormer() {
        ItemId lyon = say("I moved to Lyon.", JUNE);
        ItemId paris = say("I live in Paris.", MARCH);
        assertThat(state(lyon)).isEqualTo(ItemState.ACTIVATED);
        assertThat(state(paris)).isEqualTo(ItemState.ARCHIVED);
        assertThat(cube.supersessions(paris))
                .extracting(SupersessionRecord::successor)
                .containsExactly(lyon);
    }

    @Test
    void inOneBatchTheLaterStatementHolds() {
        List<ItemId> ids = cube.add(
                        Message.user("The API rate limit is 100 a minute").at(MARCH),
                        Message.user("The API rate limit is now 500 a minute").at(MARCH))
                .ids();
        assertThat(state(ids.getFirst())).isEqualTo(ItemState.ARCHIVED);
        assertThat(state(ids.getLast())).isEqualTo(ItemState.ACTIVATED);
    }

    @Test
    void rumorsReplaceNothingAndTheAssistantReplacesNothing() {
        ItemId paris = say("I live in Paris.", MARCH);
        say("My office is in Nice, but that is unverified.", JUNE);
        cube.add(Message.assistant("Alice lives in Rome.").at(JUNE));
        cube.add(Message.assistant("I live in Rome.").by("Alice").at(JUNE));
        assertThat(state(paris)).isEqualTo(ItemState.ACTIVATED);
    }

    @Test
    void theSameStatementOfAnotherSpeakerIsAboutThem() {
        ItemId alice = say("I live in Paris.", MARCH);
        cube.add(Message.user("I live in Oslo.").by("Bob").at(JUNE));
        assertThat(state(alice)).isEqualTo(ItemState.ACTIVATED);
    }

    @Test
    void aFrozenItemIsNeverReplaced() {
        ItemId paris = say("I live in Paris.", MARCH);
        cube.update(paris, ItemEdit.NOTHING.state(ItemState.FROZEN));
        ItemId lyon = say("I moved to Lyon.", JUNE);
        assertThat(state(paris)).isEqualTo(ItemState.FROZEN);
        assertThatThrownBy(() -> cube.supersede(paris, lyon, "by hand")).hasMessageContaining("frozen");
    }

    @Test
    void supersedingByHandNeedsTwoItemsOfTheCube() {
        ItemId note = cube.add(Note.of("The garden gate is green")).ids().getFirst();
        ItemId other = cube.add(Note.of("Somebody painted it blue")).ids().getFirst();
        assertThatThrownBy(() -> cube.supersede(note, note, "itself")).isInstanceOf(MemoryException.class);
        assertThatThrownBy(() -> memos.cube("bob").supersede(note, other, "foreign"))
                .hasMessageContaining("has no item");
        cube.supersede(note, other, "painted");
        assertThat(found("garden gate green")).doesNotContain("The garden gate is green");
    }

    @Test
    void chineseStatementsAreSettledToo() {
        ItemId beijing = say("我住在北京。", MARCH);
        say("我搬到上海了。", JUNE);
        assertThat(state(beijing)).isEqualTo(ItemState.ARCHIVED);
    }

    @Test
    void aWishToForgetRetiresWhatItDescribesEvenFromHistory() {
        ItemId address = say("My old address is 5 Elm Street.", MARCH);
        ItemId garden = say("The garden of 7 Oak Street is large.", MARCH);
        var wish = cube.add(Message.user("Please forget my old address: 5 Elm Street")
                .by("Alice")
                .at(JUNE));
        assertThat(wish.items().getFirst().outcome()).isEqualTo(Outcome.HEEDED);
        assertThat(List.of(state(address), state(garden))).containsExactly(ItemState.FORGOTTEN, ItemState.ACTIVATED);
        assertThat(found("What was the previous address on Elm Street?")).noneMatch(text -> text.contains("Elm"));
        cube.reinstate(address);
        assertThat(found("address on Elm Street")).contains("My old address is 5 Elm Street.");
    }

    @Test
    void whatIsNotToBeKeptIsNotStored() {
        var result = cube.add(
                Message.user("The token is hunter2-xyzzy. Do not save this.").at(MARCH));
        assertThat(result.items().getFirst().outcome()).isEqualTo(Outcome.WITHHELD);
        assertThat(result.warnings()).extracting(Warning::code).containsExactly("withheld");
        assertThat(cube.get(result.ids().getFirst()).orElseThrow().text()).doesNotContain("hunter2");
        assertThat(cube.search("token hunter2-xyzzy").hits()).isEmpty();
        assertThat(directory).isDirectoryRecursivelyContaining(path -> !holds(path, "hunter2-xyzzy"));
        assertThat(directory.toFile().listFiles())
                .noneMatch(file -> file.isFile() && holds(file.toPath(), "hunter2-xyzzy"));
    }

    private static boolean holds(Path file, String text) {
        try {
            return java.nio.file.Files.isRegularFile(file)
                    && new String(java.nio.file.Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1)
                            .contains(text);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void stateSurvivesARestart() {
        ItemId paris = say("I live in Paris.", MARCH);
        say("I moved to Lyon.", JUNE);
        memos.close();
        open();
        assertThat(found("Where does Alice live?")).containsExactly("I moved to Lyon.");
        say("I live in Nantes.", JUNE.plusSeconds(60));
        assertThat(found("Where does Alice live?")).containsExactly("I live in Nantes.");
        assertThat(cube.supersessions(paris)).hasSize(1);
    }

    @Test
    void aCorrectionUpdatesWhatItConcerns() {
        cube.add(Message.user("I live in Paris.").at(MARCH));
        FeedbackResult result = cube.feedback(Feedback.correction("No, I moved to Lyon"));
        assertThat(result.changed()).hasSize(1);
        assertThat(found("Where do I live?")).containsExactly("No, I moved to Lyon");
    }

    @Test
    void aCorrectionIsInTheNameOfTheUserWhomItCorrects() {
        ItemId paris = say("I live in Paris.", MARCH);
        cube.feedback(Feedback.correction("No, I moved to Lyon"));
        assertThat(state(paris)).isEqualTo(ItemState.ARCHIVED);
        assertThat(found("Where does Alice live?")).containsExactly("No, I moved to Lyon");
    }

    @Test
    void aCorrectionThatNamesItsItemReplacesIt() {
        ItemId wrong = say("The dog is called Rex and the cat sleeps all day.", MARCH);
        FeedbackResult result = cube.feedback(Feedback.correction("The dog's name is Max.", wrong));
        assertThat(result.changed()).containsExactly(wrong);
        assertThat(found("What is the dog called?")).containsExactly("The dog's name is Max.");
    }

    @Test
    void aCorrectionOfNothingIsKeptAndSaysSo() {
        FeedbackResult result = cube.feedback(Feedback.correction("Actually, bananas are berries"));
        assertThat(result.warnings()).extracting(Warning::code).containsExactly("nothing_corrected");
        assertThat(found("bananas")).isNotEmpty();
    }

    @Test
    void thumbsMoveResultsWithinBounds() {
        ItemId first =
                cube.add(Note.of("The blue bicycle stands in the cellar")).ids().getFirst();
        ItemId second =
                cube.add(Note.of("The blue bicycle stands in a cellar")).ids().getFirst();
        ItemId far = cube.add(Note.of("A cellar has spiders")).ids().getFirst();
        cube.feedback(Feedback.helpful(second));
        cube.feedback(Feedback.unhelpful(first));
        assertThat(best("blue bicycle cellar")).isEqualTo(second);
        for (int i = 0; i < 100; i++) {
            cube.feedback(Feedback.helpful(far));
        }
        assertThat(best("blue bicycle cellar")).isEqualTo(second);
        assertThat(memos.cube("bob").search("blue bicycle").hits()).isEmpty();
    }

    @Test
    void anEarlierVersionCanBeRestored() {
        ItemId note = cube.add(Note.of("The gate is green")).ids().getFirst();
        cube.update(note, ItemEdit.text("The gate is red"));
        cube.update(note, ItemEdit.NOTHING.state(ItemState.ARCHIVED));
        assertThat(cube.restore(note, 1).text()).isEqualTo("The gate is green");
        assertThat(found("gate")).containsExactly("The gate is green");
        assertThat(cube.history(note)).hasSize(4);
        assertThatThrownBy(() -> cube.restore(note, 9)).hasMessageContaining("has no version 9");
    }

    private ItemId best(String query) {
        return search(SearchRequest.of(query)).hits().getFirst().item().id();
    }
}
