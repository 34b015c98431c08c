package io.memos4j.core;

import io.memos4j.api.CompositeCube;
import io.memos4j.api.CubeId;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.chat.ChatReply;
import io.memos4j.api.chat.ChatRequest;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.Message;
import io.memos4j.api.items.Note;
import io.memos4j.api.retention.WorkingMemoryItem;
import io.memos4j.api.search.SearchHit;
import io.memos4j.api.search.SearchRequest;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.spi.models.ChatAnswer;
import io.memos4j.spi.models.ChatModel;
import io.memos4j.spi.models.ChatPrompt;
import io.memos4j.spi.retention.UsageRecord;
import io.memos4j.spi.runtime.GenerationResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A search of several cubes records use, names merged duplicates and prefers working memory, as that of one cube does.
 */
class CompositeUseTest extends ConsolidationFixture {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private MemCube team;

    @Override
    MemOsConfig config(MemOsConfig base) {
        return base.withChat(new ChatConfig.ProviderModel(new SilentModel()));
    }

    @BeforeEach
    void addSecondCube() {
        team = engine.cubes.factory.open(engine.catalog.create(CubeId.of("team")));
    }

    private CompositeCube both() {
        for (MemCube each : List.of(cube, team)) {
            assertThat(each.awaitIdle(PATIENCE)).isTrue();
        }
        return engine.cubes.factory.compose(List.of(cube.id(), team.id()));
    }

    private static SearchRequest request(String query) {
        return SearchRequest.of(query).within(PATIENCE);
    }

    private static ItemId add(MemCube cube, String text) {
        return cube.add(Note.of(text)).ids().getFirst();
    }

    private Optional<Long> timesAsked(MemCube asked) {
        engine.services.usage.flush();
        return engine.storage
                .vault
                .read(reader -> reader.usage()
                        .cubeUsage(engine.catalog.require(asked.id()).key()))
                .map(UsageRecord::uses);
    }

    private static List<String> workingTexts(MemCube cube, String session) {
        return cube.workingMemory(session).items().stream()
                .map(WorkingMemoryItem::item)
                .map(item -> item.text())
                .toList();
    }

    @Test
    void aSearchOfSeveralCubesUsesWhatItFindsInEach() {
        ItemId roses = add(cube, "The garden has roses.");
        ItemId lilies = add(team, "The garden of the office has lilies.");
        ItemId dentist = add(team, "The dentist is at nine on Friday.");
        assertThat(both().search(request("garden").limit(2)).hits())
                .extracting(hit -> hit.item().id())
                .containsExactlyInAnyOrder(roses, lilies);
        assertThat(cube.heat(roses).uses()).isEqualTo(1);
        assertThat(team.heat(lilies).uses()).isEqualTo(1);
        assertThat(team.heat(dentist).uses()).isZero();
        assertThat(timesAsked(cube)).contains(1L);
        assertThat(timesAsked(team)).contains(1L);
    }

    @Test
    void aSearchOfSeveralCubesHeatsWhatWouldCoolOtherwise() {
        ItemId roses = add(cube, "The garden has roses.");
        double before = cube.heat(roses).value();
        both().search(request("garden"));
        assertThat(cube.heat(roses).value()).isGreaterThan(before);
    }

    @Test
    void aChatWithSeveralCubesUsesWhatItRecalls() {
        ItemId roses = add(cube, "The garden has roses.");
        ItemId lilies = add(team, "The garden of the office has lilies.");
        ChatReply reply =
                both().chat(ChatRequest.of("What grows in the garden?").remember(false));
        assertThat(reply.memories()).extracting(hit -> hit.item().id()).containsExactlyInAnyOrder(roses, lilies);
        assertThat(cube.heat(roses).uses()).isEqualTo(1);
        assertThat(team.heat(lilies).uses()).isEqualTo(1);
        assertThat(timesAsked(cube)).contains(1L);
    }

    @Test
    void aHitOfSeveralCubesNamesWhatWasMergedIntoIt() {
        ItemId march = say("The hut above Chamonix has eleven beds!", MARCH);
        ItemId june = say("Oh, the hut above chamonix has eleven beds", JUNE);
        ItemId told = add(team, "The hut above Grenoble has three beds.");
        run(TaskKind.MERGE);
        assertThat(state(march)).isEqualTo(ItemState.MERGED);
        List<SearchHit> hits = both().search(request("hut above Chamonix")).hits();
        assertThat(hits).extracting(hit -> hit.item().id()).containsExactlyInAnyOrder(june, told);
        assertThat(hits)
                .filteredOn(hit -> hit.item().id().equals(june))
                .singleElement()
                .satisfies(hit -> {
                    assertThat(hit.duplicates()).containsExactly(march);
                    assertThat(hit.item().cube()).isEqualTo(cube.id());
                });
    }

    @Test
    void aDuplicateInAnotherCubeBringsWhatWasMergedIntoIt() {
        ItemId march = say("The hut above Chamonix has eleven beds!", MARCH);
        ItemId june = say("The hut above Chamonix has eleven beds", JUNE);
        run(TaskKind.MERGE);
        ItemId same = team.add(Message.user("The hut above Chamonix has eleven beds")
                        .by("Alice")
                        .at(JUNE))
                .ids()
                .getFirst();
        List<SearchHit> hits = both().search(request("hut above Chamonix")).hits();
        assertThat(hits).hasSize(1);
        assertThat(hits.getFirst().duplicates()).contains(march);
        List<ItemId> all = new ArrayList<>(hits.getFirst().duplicates());
        all.add(hits.getFirst().item().id());
        assertThat(all).containsExactlyInAnyOrder(march, june, same);
    }

    @Test
    void whatSeveralCubesFindIsInTheWorkingMemoryOfEach() {
        add(cube, "The garden has roses.");
        add(team, "The garden of the office has lilies.");
        both().search(request("garden").in("monday"));
        assertThat(workingTexts(cube, "monday")).containsExactly("The garden has roses.");
        assertThat(workingTexts(team, "monday")).containsExactly("The garden of the office has lilies.");
        assertThat(workingTexts(cube, "tuesday")).isEmpty();
    }

    @Test
    void workingMemoryWinsNearTiesAcrossCubes() {
        add(cube, "Alpha meeting in the blue room.");
        ItemId grey = add(team, "Alpha meeting in the grey room.");
        CompositeCube both = both();
        Filter greyOnly = Filter.eq("id", grey.toString());
        assertThat(both.search(request("grey").where(greyOnly).in("s")).hits()).hasSize(1);
        SearchHit best = both.search(request("alpha meeting room").in("s").explained())
                .hits()
                .getFirst();
        assertThat(best.item().id()).isEqualTo(grey);
        assertThat(best.why()).contains("in the session's working memory");
    }

    /** Answers every conversation with the same word. */
    private static final class SilentModel implements ChatModel {
        @Override
        public String id() {
            return "test:silent";
        }

        @Override
        public ChatAnswer answer(ChatPrompt prompt, Predicate<String> sink) {
            boolean more = sink.test("Flowers.");
            GenerationResult.FinishReason reason =
                    more ? GenerationResult.FinishReason.STOP : GenerationResult.FinishReason.CANCELLED;
            return new ChatAnswer("Flowers.", reason, 10, 0, 2, Duration.ofMillis(1));
        }
    }
}
