package io.memos4j.runtime.llamacpp.cube;

import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.chat.ChatReply;
import io.memos4j.api.items.ItemEdit;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.kvcache.ActivationMemory.Promotion;
import io.memos4j.api.kvcache.KvCacheEntry;
import io.memos4j.api.tasks.Task;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.api.tasks.TaskRequest;
import io.memos4j.api.tasks.TaskState;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Memories that are used often and change rarely move to the beginning of prompts, and leave it when they cool or
 * change.
 */
class LlamaPromotionTest extends LlamaChatCubes {
    private static final String RULE = "The release goes out on Thursdays after the long test run has ended.";

    private MemCube team;
    private ItemId rule;

    @BeforeEach
    void askOften() {
        team = cube("team");
        rule = know(team, ItemType.FACT, RULE);
        know(team, ItemType.FACT, "The coffee machine on the third floor makes no tea.");
        clock.advance(Duration.ofDays(20));
        askForTheRule(40);
        team.search("coffee machine");
    }

    private void askForTheRule(int times) {
        for (int i = 0; i < times; i++) {
            team.search("When does the release go out?");
            clock.advance(Duration.ofMinutes(10));
        }
    }

    private void promote() {
        // The use of memories is written down once a second; asking for heat does it now.
        team.heat(rule);
        Task task = memos.scheduler().submit(team.id(), TaskRequest.of(TaskKind.PROMOTE));
        assertThat(memos.scheduler().await(task.id(), Duration.ofSeconds(120)).state())
                .isEqualTo(TaskState.DONE);
    }

    @Test
    void whatIsAskedForOftenStandsAtTheBeginningAndTheDecisionExplainsItself() {
        promote();
        assertThat(team.activations().promoted()).singleElement().satisfies(each -> {
            assertThat(each.item().id()).isEqualTo(rule);
            assertThat(each.why())
                    .containsPattern("asked for in \\d+ % of [\\d.]+ questions a day and unchanged for 20 days")
                    .contains("computed tokens a day")
                    .contains("MB");
        });
        assertThat(team.activations().list()).singleElement().satisfies(each -> {
            assertThat(each.tiers()).contains(KvCacheEntry.Tier.DISK);
            assertThat(each.sources()).containsExactly(new KvCacheEntry.Source(team.id(), rule, 1));
        });
        ChatReply reply = team.chat(ask("When does the release go out?"));
        assertThat(reply.memories()).extracting(hit -> hit.item().id()).doesNotContain(rule);
        assertThat(reply.usage().cachedTokens()).isPositive();
    }

    @Test
    void anotherRunChangesNothing() {
        promote();
        Promotion first = team.activations().promoted().getFirst();
        promote();
        assertThat(team.activations().promoted()).containsExactly(first);
        assertThat(files()).hasSize(1);
    }

    @Test
    void whatChangesIsPromotedNoLongerAndItsFileIsErased() {
        promote();
        team.update(rule, ItemEdit.text("The release goes out on Fridays."));
        assertThat(team.activations().promoted()).isEmpty();
        assertThat(files()).isEmpty();
        promote();
        assertThat(team.activations().promoted()).isEmpty();
    }

    @Test
    void whatCoolsGivesWay() {
        promote();
        for (int i = 0; i < 400; i++) {
            team.search("coffee machine tea");
        }
        clock.advance(Duration.ofDays(300));
        team.search("coffee machine tea");
        promote();
        assertThat(team.activations().promoted())
                .extracting(each -> each.item().id())
                .doesNotContain(rule);
    }

    @Test
    void promotionsSurviveARestart() {
        promote();
        Promotion before = team.activations().promoted().getFirst();
        reopen();
        assertThat(cube("team").activations().promoted()).containsExactly(before);
        assertThat(cube("team").chat(ask("When?")).usage().cache()).isEqualTo("disk");
    }
}
