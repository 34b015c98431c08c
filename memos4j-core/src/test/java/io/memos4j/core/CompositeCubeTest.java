package io.memos4j.core;

import io.memos4j.api.CompositeCube;
import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Warning;
import io.memos4j.api.items.AddRequest;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.Message;
import io.memos4j.api.items.MultiCubeAddResult;
import io.memos4j.api.items.Note;
import io.memos4j.api.search.SearchRequest;
import io.memos4j.api.search.SearchResult;
import io.memos4j.testkit.models.HashingEmbedder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static io.memos4j.testkit.FailureAssertions.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Several cubes searched and written as one. */
class CompositeCubeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Instant MARCH = Instant.parse("2025-03-04T10:00:00Z");

    @TempDir
    private Path directory;

    private MemOs memos;
    private MemCube work;
    private MemCube home;

    @BeforeEach
    void open() {
        open(new HashingEmbedder("hash", 64));
        work = memos.cube("work");
        home = memos.cube("zu Hause 家");
    }

    private void open(HashingEmbedder embedder) {
        memos = MemOs.open(MemOsConfig.at(directory).withEmbedder(embedder));
    }

    @AfterEach
    void close() {
        memos.close();
    }

    private CompositeCube both() {
        for (MemCube each : List.of(work, home)) {
            assertThat(each.awaitIdle(PATIENCE)).isTrue();
        }
        return memos.compose(work.id(), home.id());
    }

    private static SearchRequest request(String query) {
        return SearchRequest.of(query).within(PATIENCE);
    }

    private static List<String> texts(SearchResult result) {
        return result.hits().stream().map(hit -> hit.item().text()).toList();
    }

    private static List<CubeId> cubes(SearchResult result) {
        return result.hits().stream().map(hit -> hit.item().cube()).toList();
    }

    private static List<String> codes(SearchResult result) {
        return result.warnings().stream().map(Warning::code).toList();
    }

    @Test
    void theBestOfAllCubesComesFirstAndNamesItsCube() {
        work.add("The quarterly report is due on Friday.");
        work.add("The printer on the second floor is broken.");
        home.add("The dentist is on Monday at nine.");
        home.add("The cellar key hangs behind the door.");
        SearchResult result = both().search(request("Where is the key of the cellar?"));
        assertThat(texts(result)).first().isEqualTo("The cellar key hangs behind the door.");
        assertThat(cubes(result)).first().isEqualTo(home.id());
        assertThat(cubes(result)).contains(work.id());
        assertThat(result.context()).contains("(zu Hause 家) The cellar key", "(work) ");
        assertThat(result.warnings()).isEmpty();
        assertThat(home.search(request("cellar key")).context()).doesNotContain("(zu Hause 家)");
    }

    /**
     * A word is worth what it is worth over all cubes: "harbour" stands in every text of one cube and is rare in the
     * other.
     */
    @Test
    void severalCubesRankAsOneCubeOfEverything() {
        MemCube all = memos.cube("all");
        IntStream.range(0, 30).forEach(i -> {
            Note near = Note.of("harbour note " + i + (i == 7 ? " about lanterns" : " about ropes"));
            Note far = Note.of("garden note " + i + (i == 3 ? " with a harbour view" : " with lanterns"));
            work.add(near);
            home.add(far);
            all.add(near, far);
        });
        assertThat(all.awaitIdle(PATIENCE)).isTrue();
        CompositeCube composite = both();
        for (String query : List.of("harbour lanterns", "ropes", "garden with a harbour view", "note 7")) {
            SearchResult joint = composite.search(request(query));
            SearchResult single = all.search(request(query));
            assertThat(scores(joint)).as(query).isEqualTo(scores(single));
        }
    }

    private static List<String> scores(SearchResult result) {
        return result.hits().stream()
                .map(hit -> String.format("%.4f %s", hit.score(), hit.item().text()))
                .sorted()
                .toList();
    }

    @Test
    void theSameWordsInTwoCubesAreOneHit() {
        ItemId first = work.add("The gate code is 4711.").ids().getFirst();
        ItemId second = home.add("The gate code is 4711.").ids().getFirst();
        SearchResult result = both().search(request("gate code"));
        assertThat(result.hits()).hasSize(1);
        List<ItemId> said = new ArrayList<>(result.hits().getFirst().duplicates());
        said.add(result.hits().getFirst().item().id());
        assertThat(said).containsExactlyInAnyOrder(first, second);
    }

    @Test
    void aDeletedMemberIsNamedAndTheOthersAnswer() {
        work.add("The cellar key hangs behind the door.");
        home.add("Another key is under the mat.");
        CompositeCube composite = both();
        memos.delete(work.id());
        SearchResult result = composite.search(request("key"));
        assertThat(texts(result)).containsExactly("Another key is under the mat.");
        assertThat(result.warnings()).singleElement().satisfies(warning -> {
            assertThat(warning.code()).isEqualTo("member_unavailable");
            assertThat(warning.message()).contains("Cube 'work'", "deleted");
        });
        memos.delete(home.id());
        refused(ErrorCode.CUBE_NOT_FOUND, () -> composite.search(request("key")));
    }

    @Test
    void aMemberOfAnotherEmbedderIsNamedAndTheOthersAnswer() {
        work.add("The cellar key hangs behind the door.");
        both();
        memos.close();
        open(new HashingEmbedder("other", 64));
        MemCube fresh = memos.create(CubeId.of("fresh"));
        fresh.add("Another key is under the mat.");
        assertThat(fresh.awaitIdle(PATIENCE)).isTrue();
        SearchResult result = memos.compose(work.id(), fresh.id()).search(request("key"));
        assertThat(texts(result)).containsExactly("Another key is under the mat.");
        assertThat(codes(result)).containsExactly("member_unavailable");
        assertThat(result.warnings().getFirst().message()).contains("reindex()");
    }

    @Test
    void aFailingEmbedderLeavesTheRankingToTheWordsWithOneWarning() {
        work.add("The cellar key hangs behind the door.");
        home.add("Another key is under the mat.");
        both();
        memos.close();
        open(new HashingEmbedder("hash", 64).failingOn("key"));
        SearchResult result = memos.compose(work.id(), home.id()).search(request("key"));
        assertThat(texts(result)).hasSize(2);
        assertThat(result.warnings())
                .singleElement()
                .satisfies(warning -> assertThat(warning.message()).startsWith("Cubes 'work', 'zu Hause 家': "));
    }

    @Test
    void theQueryIsEmbeddedOnceForAllMembers() {
        work.add("one");
        home.add("two");
        both();
        memos.close();
        HashingEmbedder again = new HashingEmbedder("hash", 64);
        open(again);
        assertThat(memos.compose(work.id(), home.id())
                        .search(request("one or two"))
                        .hits())
                .hasSize(2);
        assertThat(again.calls()).isEqualTo(1);
    }

    @Test
    void aPassedDeadlineNamesWhoDidNotAnswerInsteadOfFailing() {
        work.add("The cellar key hangs behind the door.");
        SearchResult result = both().search(SearchRequest.of("key").within(Duration.ofNanos(1)));
        assertThat(codes(result))
                .isNotEmpty()
                .allMatch(code -> code.equals("member_late") || code.equals("deadline_exceeded"));
    }

    @Test
    void theTokenBudgetIsThatOfAllCubesTogether() {
        IntStream.range(0, 20).forEach(i -> {
            work.add("work note " + i + " about the annual budget of the department");
            home.add("home note " + i + " about the annual budget of the family");
        });
        SearchResult result = both().search(request("annual budget").limit(40).maxTokens(200));
        assertThat(result.contextTokens()).isLessThanOrEqualTo(200);
        assertThat(result.hits()).hasSizeLessThan(20);
    }

    @Test
    void filtersAndHiddenStatesHoldInEveryMember() {
        work.add(Note.of("key of the office").tagged("office"));
        home.add(Note.of("key of the house").tagged("house"));
        assertThat(texts(both().search(request("key").where(Filter.tag("house")))))
                .containsExactly("key of the house");
    }

    @Test
    void aNewerValueOutdatesOnlyWithinItsCube() {
        work.add(Message.user("I live in Paris.").at(MARCH));
        work.add(Message.user("I live in Lyon.").at(MARCH.plusSeconds(60)));
        home.add(Message.user("I live in Rome.").at(MARCH.plusSeconds(30)));
        assertThat(texts(both().search(request("Where do I live?"))))
                .containsExactlyInAnyOrder("I live in Lyon.", "I live in Rome.");
    }

    @Test
    void everyMemberStoresABatchOnceUnderTheSameKey() {
        CompositeCube composite = both();
        AddRequest request = AddRequest.of(List.of(Note.of("Told to both."))).withIdempotencyKey("k");
        MultiCubeAddResult first = composite.add(request);
        MultiCubeAddResult again = composite.add(request);
        assertThat(first.isComplete()).isTrue();
        assertThat(first.added()).containsOnlyKeys(work.id(), home.id());
        assertThat(again.added().values()).allMatch(each -> each.replayed());
        assertThat(work.describe().itemCount()).isEqualTo(1);
        assertThat(home.describe().itemCount()).isEqualTo(1);
    }

    @Test
    void aMemberThatCannotStoreSaysWhyAndTheOthersStand() {
        CompositeCube composite = both();
        memos.delete(work.id());
        MultiCubeAddResult result = composite.add(AddRequest.of(List.of(Note.of("Told to both."))));
        assertThat(result.isComplete()).isFalse();
        assertThat(result.added()).containsOnlyKeys(home.id());
        assertThat(result.failures()).singleElement().satisfies(failure -> {
            assertThat(failure.cube()).isEqualTo(work.id());
            assertThat(failure.code()).isEqualTo(ErrorCode.CUBE_NOT_FOUND);
        });
    }

    @Test
    void aCompositeNamesExistingCubesEachOnce() {
        assertThatThrownBy(() -> memos.compose()).isInstanceOf(MemoryException.class);
        assertThatThrownBy(() -> memos.compose(work.id(), work.id()))
                .isInstanceOf(MemoryException.class)
                .hasMessageContaining("once");
        refused(ErrorCode.CUBE_NOT_FOUND, () -> memos.compose(work.id(), CubeId.of("nowhere")));
        CubeId[] many = IntStream.range(0, CompositeCube.MAX_MEMBERS + 1)
                .mapToObj(i -> memos.cube("cube " + i).id())
                .toArray(CubeId[]::new);
        assertThatThrownBy(() -> memos.compose(many)).hasMessageContaining("64");
        assertThat(memos.compose(home.id()).members()).extracting(MemCube::id).containsExactly(home.id());
    }
}
