package io.memos4j.core;

import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.items.AddResult;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ItemEdit;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Message;
import io.memos4j.api.items.Note;
import io.memos4j.api.items.Selection;
import io.memos4j.api.items.SourceReference;
import io.memos4j.api.search.SearchRequest;
import io.memos4j.api.search.SearchResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

import static io.memos4j.testkit.FailureAssertions.refused;
import static org.assertj.core.api.Assertions.assertThat;

class MemOsTest extends MemOsFixture {
    @Test
    void whatWasAddedIsFoundAtOnceAndAfterARestart() {
        cube.add(Message.user("I moved to Lyon last week.").by("Alice").in("s1").at(MARCH));
        assertThat(texts(cube.search("Where did Alice move?"))).containsExactly("I moved to Lyon last week.");
        memos.close();
        memos = MemOs.open(MemOsConfig.at(directory).withoutEmbedder());
        assertThat(texts(memos.cube("alice").search("Where did Alice move?")))
                .containsExactly("I moved to Lyon last week.");
    }

    @Test
    void aSearchNeverSeesAnotherCube() {
        MemCube bob = memos.cube("bob");
        ItemId id = bob.add("The vault code is 4711").ids().getFirst();
        assertThat(cube.search("vault code").hits()).isEmpty();
        assertThat(cube.get(id)).isEmpty();
        assertThat(cube.delete(Selection.item(id)).count()).isZero();
        assertThat(bob.get(id)).isPresent();
    }

    @Test
    void theContextHasDatesSpeakersAndCitations() {
        cube.add(
                Message.user("My dentist is Dr. Weber.").by("Alice").at(MARCH.plus(Duration.ofDays(1))),
                Message.user("The dentist appointment is on Friday.")
                        .by("Alice")
                        .at(MARCH));
        SearchResult result = cube.search("dentist");
        assertThat(result.context())
                .isEqualTo("2025-03-04 Tue\n[1] Alice: The dentist appointment is on Friday.\n"
                        + "2025-03-05 Wed\n[2] Alice: My dentist is Dr. Weber.\n");
        assertThat(result.hits())
                .allSatisfy(hit ->
                        assertThat(result.context()).contains("[" + hit.citation() + "] Alice: " + hit.excerpt()));
    }

    @Test
    void theTokenBudgetIsKept() {
        for (int i = 0; i < 30; i++) {
            cube.add(Note.of("Invoice " + i + " for the garden fence was paid by bank transfer"));
        }
        SearchResult result =
                cube.search(SearchRequest.of("garden fence invoice").limit(30).maxTokens(100));
        assertThat(result.contextTokens()).isLessThanOrEqualTo(100).isPositive();
        assertThat(result.hits()).hasSizeLessThan(30);
    }

    @Test
    void filtersChooseBeforeRanking() {
        for (int i = 0; i < 300; i++) {
            cube.add(Message.user("coffee coffee coffee " + i).in("noise"));
        }
        cube.add(Message.user("A cup of coffee").in("wanted").with(Map.of("place", Map.of("city", "Lyon"))));
        assertThat(texts(cube.search(SearchRequest.of("coffee").where(Filter.session("wanted")))))
                .containsExactly("A cup of coffee");
        assertThat(texts(cube.search(SearchRequest.of("coffee").where(Filter.metadata("place.city", "Lyon")))))
                .containsExactly("A cup of coffee");
    }

    @Test
    void equalTextsAreFoldedIntoOneHit() {
        cube.add(Message.user("Thai food at eight!").by("Alice").in("a").at(MARCH));
        cube.add(Message.user("thai food at eight").by("Alice").in("b").at(MARCH.plusSeconds(60)));
        SearchResult result = cube.search("thai food");
        assertThat(result.hits()).hasSize(1);
        assertThat(result.hits().getFirst().duplicates()).hasSize(1);
    }

    @Test
    void anUpdateMakesAVersionAndTheOldTextIsNoLongerFound() {
        ItemId id = cube.add(Note.of("Alice lives in Paris").as(ItemType.FACT))
                .ids()
                .getFirst();
        MemoryItem updated =
                cube.update(id, ItemEdit.text("Alice lives in Lyon").expecting(1));
        assertThat(updated.version()).isEqualTo(2);
        assertThat(cube.search("Paris").hits()).isEmpty();
        assertThat(texts(cube.search("Lyon"))).containsExactly("Alice lives in Lyon");
        assertThat(cube.history(id))
                .extracting(version -> version.item().text())
                .containsExactly("Alice lives in Paris", "Alice lives in Lyon");
        assertThat(cube.update(id, ItemEdit.text("Alice lives in Lyon")).version())
                .isEqualTo(2);
        refused(
                ErrorCode.VERSION_CONFLICT,
                () -> cube.update(id, ItemEdit.text("x").expecting(1)));
    }

    @Test
    void aFrozenItemIsLockedUntilItIsActivatedAgain() {
        ItemId id = cube.add("Blood group 0 negative").ids().getFirst();
        cube.update(id, ItemEdit.NOTHING.state(ItemState.FROZEN));
        refused(ErrorCode.INVALID_ARGUMENT, () -> cube.update(id, ItemEdit.text("A positive")));
        assertThat(cube.search("blood group").hits()).hasSize(1);
        cube.update(id, ItemEdit.NOTHING.state(ItemState.ACTIVATED));
        cube.update(id, ItemEdit.text("Blood group A positive"));
        assertThat(cube.get(id).orElseThrow().version()).isEqualTo(4);
    }

    @Test
    void archivedItemsAreFoundOnlyWhenAskedFor() {
        ItemId id = cube.add("The old gym was on Baker Street").ids().getFirst();
        cube.update(id, ItemEdit.NOTHING.state(ItemState.ARCHIVED));
        assertThat(cube.search("gym").hits()).isEmpty();
        assertThat(cube.search(SearchRequest.of("gym").withInactive()).hits()).hasSize(1);
        assertThat(cube.list(ListRequest.first()).items()).hasSize(1);
    }

    @Test
    void deletingASourceDeletesWhatWasDerivedFromIt() {
        ItemId message =
                cube.add(Message.user("My PIN is 0815, and jazz is fine")).ids().getFirst();
        ItemId fact = cube.add(Note.of("The PIN is 0815").as(ItemType.FACT).from(SourceReference.item(message)))
                .ids()
                .getFirst();
        ItemId second = cube.add(
                        Note.of("PIN summary 0815").as(ItemType.SUMMARY).from(SourceReference.item(fact)))
                .ids()
                .getFirst();
        var deleted = cube.delete(Selection.item(message));
        assertThat(deleted.selected()).containsExactly(message);
        assertThat(deleted.derived()).containsExactlyInAnyOrder(fact, second);
        assertThat(cube.search("PIN 0815").hits()).isEmpty();
        assertThat(cube.history(fact)).isEmpty();
    }

    @Test
    void aSessionIsDeletedAsAWhole() {
        cube.add(
                Message.user("secret one").in("s1"),
                Message.user("secret two").in("s1"),
                Message.user("open").in("s2"));
        assertThat(cube.delete(Selection.session("s1")).selected()).hasSize(2);
        assertThat(cube.list(ListRequest.first()).items())
                .extracting(MemoryItem::text)
                .containsExactly("open");
    }

    @Test
    void hostileTextIsRefusedOrRepairedAndSaysSo() {
        refused(ErrorCode.INVALID_ARGUMENT, () -> cube.add("  \n "));
        refused(ErrorCode.INVALID_ARGUMENT, () -> cube.add("\u0000\u0001"));
        refused(
                ErrorCode.INVALID_ARGUMENT,
                () -> cube.add(Message.user("fine"), Message.user("dated").at(Instant.MAX)));
        assertThat(cube.list(ListRequest.first()).items()).isEmpty();
        AddResult repaired = cube.add("broken \uD800 text");
        assertThat(repaired.warnings()).extracting(warning -> warning.code()).containsExactly("text_repaired");
        assertThat(cube.get(repaired.ids().getFirst()).orElseThrow().text()).isEqualTo("broken \uFFFD text");
    }

    @Test
    void ancientAndFutureDatesAreKept() {
        Instant ancient = Instant.parse("0044-03-15T12:00:00Z");
        Instant future = Instant.parse("9999-12-31T00:00:00Z");
        cube.add(
                Message.user("Caesar was stabbed").at(ancient),
                Message.user("Party on the last day").at(future));
        assertThat(cube.list(ListRequest.first().sortedBy(ListRequest.Sort.NEWEST))
                        .items())
                .extracting(item -> item.times().occurredAt())
                .containsExactly(future, ancient);
    }

    @Test
    void aTextOfTenMegabytesIsStoredWholeAndFoundByItsEnd() {
        String text = "lorem ipsum dolor ".repeat(580_000) + "and at the very end a zebra";
        ItemId id = cube.add(text).ids().getFirst();
        assertThat(cube.get(id).orElseThrow().text()).isEqualTo(text);
        assertThat(cube.search("zebra").hits().getFirst().excerpt())
                .contains("zebra")
                .hasSizeLessThan(1_000);
    }

    @Test
    void cubesAreListedDescribedAndDeleted() {
        cube.add(Message.user("one").in("s1"), Note.of("two"));
        assertThat(memos.cubes()).containsExactly(CubeId.of("alice"));
        assertThat(cube.describe().items()).isEqualTo(Map.of(ItemType.MESSAGE, 1L, ItemType.NOTE, 1L));
        assertThat(cube.describe().sessions()).isEqualTo(1);
        refused(ErrorCode.CUBE_EXISTS, () -> memos.create(CubeId.of("alice")));
        memos.delete(CubeId.of("alice"));
        assertThat(memos.find(CubeId.of("alice"))).isEmpty();
        refused(ErrorCode.CUBE_NOT_FOUND, () -> cube.search("one"));
        refused(ErrorCode.CUBE_NOT_FOUND, () -> cube.add("three"));
        assertThat(memos.cube("alice").search("one").hits()).isEmpty();
    }

    @Test
    void aSecondEngineOnTheDirectoryIsRefusedAndTheHolderNamed() {
        refused(
                ErrorCode.DIRECTORY_LOCKED,
                () -> MemOs.open(MemOsConfig.at(directory)),
                "process " + ProcessHandle.current().pid());
    }

    @Test
    void aClosedEngineSaysSo() {
        memos.close();
        refused(ErrorCode.CLOSED, () -> cube.add("late"));
        refused(ErrorCode.CLOSED, () -> cube.search("late"));
    }

    @Test
    void anUnknownFilterFieldNamesTheNearestOne() {
        refused(ErrorCode.UNKNOWN_FIELD, () -> Filter.eq("sesion", "x"), "Did you mean 'session'");
    }

    @Test
    void aFullVaultRefusesTheAddLosesNothingAndStillAnswers() {
        memos.close();
        memos = MemOs.open(MemOsConfig.at(directory.resolve("small"))
                .withoutEmbedder()
                .withLimits(MemOsConfig.Limits.DEFAULT.withVaultBytes(1_000_000)));
        MemCube small = memos.cube("small");
        AtomicInteger stored = new AtomicInteger();
        refused(ErrorCode.STORAGE_FULL, () -> {
            while (stored.get() < 10_000) {
                small.add("number" + stored.get() + " " + "filler ".repeat(1_000));
                stored.incrementAndGet();
            }
        });
        assertThat(stored.get()).isPositive();
        assertThat(small.describe().itemCount()).isEqualTo(stored.get());
        assertThat(small.search("number" + (stored.get() - 1)).hits()).isNotEmpty();
        assertThat(small.search("number" + stored.get()).hits())
                .noneMatch(hit -> hit.item().text().startsWith("number" + stored.get() + " "));
        assertThat(small.delete(Selection.matching(Filter.ALL)).count()).isEqualTo(stored.get());
        small.compact();
        assertThat(small.add("there is room again").items()).hasSize(1);
    }

    @Test
    void aBatchOfAHundredThousandIsStoredWholeOrRefusedWhole() {
        List<Note> batch = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            batch.add(Note.of("entry " + i));
        }
        assertThat(cube.add(batch).items()).hasSize(100_000);
        assertThat(cube.search("entry 77777").hits().getFirst().item().text()).isEqualTo("entry 77777");
        batch.add(Note.of("one too many"));
        refused(ErrorCode.TOO_LARGE, () -> cube.add(batch));
        assertThat(cube.describe().itemCount()).isEqualTo(100_000);
    }

    @Test
    void aFilterThatIsTooLargeIsRefused() {
        refused(ErrorCode.TOO_LARGE, () -> Filter.in("session", Collections.nCopies(10_001, "s")));
        refused(ErrorCode.TOO_LARGE, () -> {
            Filter deep = Filter.session("s");
            for (int i = 0; i < 100; i++) {
                deep = Filter.not(deep);
            }
        });
    }

    @Test
    void tagsCanBeFilteredAndReplaced() {
        ItemId id = cube.add(Note.of("Passport expires in June").tagged("travel", "papers"))
                .ids()
                .getFirst();
        assertThat(cube.search(SearchRequest.of("passport").where(Filter.tag("travel")))
                        .hits())
                .hasSize(1);
        cube.update(id, ItemEdit.NOTHING.tags(Set.of("papers")));
        assertThat(cube.search(SearchRequest.of("passport").where(Filter.tag("travel")))
                        .hits())
                .isEmpty();
    }
}
