package io.memos4j.core;

import io.memos4j.api.CubeId;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ItemEdit;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.Message;
import io.memos4j.api.items.Note;
import io.memos4j.api.items.Selection;
import io.memos4j.api.retention.WorkingMemory;
import io.memos4j.api.retention.WorkingMemoryItem;
import io.memos4j.api.search.SearchHit;
import io.memos4j.api.search.SearchRequest;
import io.memos4j.api.search.SearchResult;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.api.tasks.TaskQuery;
import io.memos4j.core.retention.PreloadTask;
import io.memos4j.core.tasks.TaskOutcome;
import io.memos4j.spi.retention.UsageRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** The working memory of a session and its effect on searches. */
class WorkingMemoryTest extends AgingFixture {
    private List<String> atHand(String session) {
        return cube.workingMemory(session).items().stream()
                .map(each -> each.item().text())
                .toList();
    }

    private List<String> causes(String session) {
        return cube.workingMemory(session).items().stream()
                .map(WorkingMemoryItem::cause)
                .toList();
    }

    private TaskOutcome preload(String session) {
        engine.services.usage.flush();
        assertThat(cube.awaitIdle(Duration.ofSeconds(30))).isTrue();
        return run(new PreloadTask(engine.storage.vault, engine.services.search::searchUnrecorded, this::now), session);
    }

    @Test
    void whatIsSaidAndFoundInASessionIsAtHandThereAlone() {
        remember("The garden has roses.");
        remember(Message.user("Let us talk about plants.").in("monday"));
        later(Duration.ofMinutes(30));
        assertThat(found(SearchRequest.of("garden").limit(1).in("monday"))).containsExactly("The garden has roses.");
        assertThat(atHand("monday")).startsWith("The garden has roses.").contains("Let us talk about plants.");
        assertThat(causes("monday")).contains("found");
        assertThat(atHand("tuesday")).isEmpty();
        assertThat(atHand("")).isEmpty();
    }

    @Test
    void whatIsAtHandSurvivesARestart() {
        remember(Message.user("Let us talk about plants.").in("monday"));
        List<String> before = atHand("monday");
        reopen();
        assertThat(atHand("monday")).isEqualTo(before).containsExactly("Let us talk about plants.");
        assertThat(causes("monday")).containsExactly("said");
    }

    @Test
    void aSessionHasBoundedlyManyItemsAtHand() {
        cube.add(IntStream.range(0, 200)
                .mapToObj(i -> Message.user("turn " + i).in("long"))
                .toList());
        engine.services.usage.flush();
        assertThat(atHand("long"))
                .hasSize(WorkingMemory.MAX_ITEMS)
                .contains("turn 199")
                .doesNotContain("turn 0");
    }

    @Test
    void whatIsArchivedExpiredOrErasedIsNotAtHand() {
        ItemId archived = remember(Message.user("one").in("s"));
        ItemId erased = remember(Message.user("two").in("s"));
        remember(Message.user("three").in("s"));
        engine.services.usage.flush();
        cube.update(archived, ItemEdit.NOTHING.state(ItemState.ARCHIVED));
        assertThat(cube.delete(new Selection.Item(erased)).selected()).hasSize(1);
        assertThat(atHand("s")).containsExactly("three");
    }

    @Test
    void withoutASessionASearchIsAsItWas() {
        remember("The garden has roses.");
        remember("The garden has tulips.");
        assertThat(cube.awaitIdle(Duration.ofSeconds(30))).isTrue();
        List<SearchHit> before = cube.search("garden tulips roses").hits();
        assertThat(cube.search(SearchRequest.of("roses").limit(1).in("s")).hits())
                .hasSize(1);
        assertThat(cube.search("garden tulips roses").hits()).isEqualTo(before);
    }

    @Test
    void amongNearTiesWhatIsAtHandComesFirst() {
        remember(Note.of("Alpha meeting in the blue room."));
        ItemId second = remember(Note.of("Alpha meeting in the grey room."));
        assertThat(cube.awaitIdle(Duration.ofSeconds(30))).isTrue();
        Filter grey = Filter.eq("id", second.toString());
        assertThat(found(SearchRequest.of("grey").where(grey).in("s"))).hasSize(1);
        assertThat(found(SearchRequest.of("alpha meeting room").in("s")).getFirst())
                .contains("grey");
        SearchRequest explained = SearchRequest.of("alpha meeting room").in("s").explained();
        assertThat(cube.search(explained).hits().getFirst().why()).contains("in the session's working memory");
    }

    @Test
    void aBetterAnswerComesBeforeWhatIsAtHand() {
        ItemId held = remember("Plants need water.");
        remember("The dentist is at nine on Friday.");
        assertThat(found(SearchRequest.of("plants").in("s"))).isNotEmpty();
        assertThat(cube.get(held)).isPresent();
        assertThat(found(SearchRequest.of("When is the dentist?").in("s")).getFirst())
                .contains("dentist");
    }

    @Test
    void whatIsAtHandJoinsTheCandidatesWhereManyOthersComeBefore() {
        ItemId held = remember(Note.of("common once, and then a great deal of quite different other words here"));
        cube.add(IntStream.range(0, 400)
                .mapToObj(i -> Note.of("common common " + i))
                .toList());
        assertThat(cube.awaitIdle(Duration.ofSeconds(30))).isTrue();
        SearchRequest request = SearchRequest.of("common").limit(50).maxTokens(100_000);
        Filter one = Filter.eq("id", held.toString());
        assertThat(found(request.where(one).in("s"))).hasSize(1);
        assertThat(cube.search(request.in("s")).hits()).hasSize(50);
        assertThat(found(request.where(Filter.not(one)).in("s"))).hasSize(50).noneMatch(text -> text.contains("once"));
    }

    @Test
    void theNextSceneIsPreloadedFromTheLastTurns() {
        remember("The dentist is at nine on Friday.");
        remember("The garden has roses and tulips.");
        remember(Message.user("What shall we plant in the garden beside the roses?")
                .in("s"));
        assertThat(preload("s")).isInstanceOf(TaskOutcome.Done.class);
        assertThat(atHand("s")).contains("The garden has roses and tulips.");
        assertThat(causes("s")).contains("said", "preloaded");
    }

    @Test
    void aTouchedSessionAsksForOnePreload(@TempDir Path folder) {
        MemOsConfig config = MemOsConfig.at(folder).withoutEmbedder().withClock(clock);
        try (Engine asking = Engine.open(config, UUID::randomUUID)) {
            MemCube bob = asking.cubes.factory.open(asking.catalog.create(CubeId.of("bob")));
            for (String text : List.of("one", "two")) {
                bob.add(Message.user(text).in("s"));
                asking.services.usage.flush();
            }
            assertThat(asking.background.tasks.list(TaskQuery.ALL.kind(TaskKind.PRELOAD)))
                    .singleElement()
                    .satisfies(task -> {
                        assertThat(task.subject()).isEqualTo("s");
                        assertThat(task.due()).isEqualTo(START.plusSeconds(1));
                    });
        }
    }

    @Test
    void whatIsImportedFromLongAgoIsNotAtHand() {
        remember(Message.user("one").in("s").at(START.minus(Duration.ofDays(2))));
        assertThat(atHand("s")).isEmpty();
    }

    @Test
    void whatOtherSessionsHadAtHandTogetherIsPreloaded() {
        remember("Milk is bought at the corner shop.");
        remember("Zebra crossing opposite the school.");
        Filter milk = Filter.ALL;
        assertThat(found(SearchRequest.of("milk zebra").where(milk).in("earlier")))
                .hasSize(2);
        assertThat(found(SearchRequest.of("milk").limit(1).in("now"))).hasSize(1);
        preload("now");
        assertThat(atHand("now")).hasSize(2);
        assertThat(causes("now")).contains("preloaded");
    }

    @Test
    void preloadingAgainReplacesWhatWasPreloadedAndNotUsed() {
        remember("The garden has roses and tulips.");
        remember("The dentist is at nine on Friday.");
        remember(Message.user("roses garden tulips").in("s"));
        preload("s");
        preload("s");
        assertThat(atHand("s")).doesNotHaveDuplicates();
        assertThat(cube.workingMemory("s").items())
                .allSatisfy(item -> assertThat(item.heat()).isLessThanOrEqualTo(1));
    }

    @Test
    void aSessionWithNothingToGoByIsLeftAlone() {
        assertThat(preload("nobody")).isInstanceOf(TaskOutcome.Done.class);
        assertThat(preload("")).isInstanceOf(TaskOutcome.Done.class);
        assertThat(atHand("nobody")).isEmpty();
    }

    @Test
    void whatTheAskerHasBeforeThemIsFoundAndUsedButNotShown() {
        ItemId roses = remember("The garden has roses.");
        ItemId lilies = remember("The garden has lilies.");
        SearchResult found = cube.search(SearchRequest.of("garden").limit(1).knowing(Set.of(roses)));
        assertThat(found.context()).contains("lilies").doesNotContain("roses");
        assertThat(found.hits()).extracting(hit -> hit.item().id()).containsExactlyInAnyOrder(roses, lilies);
        assertThat(found.hits())
                .filteredOn(hit -> hit.item().id().equals(roses))
                .allSatisfy(hit -> {
                    assertThat(hit.citation()).isZero();
                    assertThat(hit.tokens()).isZero();
                });
        assertThat(cube.heat(roses).uses()).isEqualTo(1);
    }

    @Test
    void questionsAreCounted() {
        remember("The garden has roses.");
        cube.search("garden");
        cube.search("roses");
        engine.services.usage.flush();
        assertThat(engine.storage.vault.<Optional<UsageRecord>>read(reader -> reader.usage()
                        .cubeUsage(engine.catalog.require(cube.id()).key())))
                .map(UsageRecord::uses)
                .contains(2L);
    }
}
