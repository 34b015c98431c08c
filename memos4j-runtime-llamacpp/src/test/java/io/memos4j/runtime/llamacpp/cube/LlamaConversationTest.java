package io.memos4j.runtime.llamacpp.cube;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemCube;
import io.memos4j.api.Warning;
import io.memos4j.api.chat.ChatReply;
import io.memos4j.api.chat.ChatRequest;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Message;
import io.memos4j.api.items.Role;
import io.memos4j.api.kvcache.KvCacheEntry;
import io.memos4j.core.ChatConfig.CacheQuota;
import io.memos4j.core.MemOs;
import io.memos4j.core.MemOsConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class LlamaConversationTest extends LlamaChatCubes {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void aBeginningIsComputedOnceAndTheAnswerIsTheSame() {
        MemCube alice = cube("alice");
        know(alice, ItemType.INSTRUCTION, "Always answer in French.");
        know(alice, ItemType.PROFILE, "Alice is a carpenter in Lyon.");
        ChatReply first = alice.chat(ask("What do I do?"));
        ChatReply second = alice.chat(ask("Where do I live?"));
        assertThat(first.usage().cachedTokens()).isZero();
        assertThat(first.usage().cache()).isEmpty();
        assertThat(second.usage().cache()).isEqualTo("slot");
        assertThat(second.usage().cachedShare()).isBetween(0.5, 1.0);
        assertThat(second.usage().outputTokens()).isPositive();
        ChatReply anew = anew(alice, ask("Where do I live?"));
        assertThat(anew.usage().cachedTokens()).isZero();
        assertThat(anew.usage().promptTokens()).isEqualTo(second.usage().promptTokens());
        assertThat(second.text()).isEqualTo(anew.text());
    }

    @Test
    void whatIsRecalledStandsBehindWhatIsTheSameAndChangesTheAnswer() {
        MemCube alice = cube("alice");
        know(alice, ItemType.FACT, "The spare key of the cabin lies under the third stone.");
        ChatReply with = alice.chat(ask("Where does the spare key of the cabin lie?"));
        ChatReply without =
                alice.chat(ask("Where does the spare key of the cabin lie?").memoryTokens(0));
        assertThat(with.memories())
                .extracting(hit -> hit.item().text())
                .containsExactly("The spare key of the cabin lies under the third stone.");
        assertThat(without.memories()).isEmpty();
        assertThat(with.usage().promptTokens()).isGreaterThan(without.usage().promptTokens() + 54);
        assertThat(without.usage().cachedTokens()).isPositive();
    }

    @Test
    void aConversationGrowsAtItsEnd() {
        MemCube alice = cube("alice");
        know(alice, ItemType.PROFILE, "Alice is a carpenter in Lyon.");
        List<String> said = new ArrayList<>();
        for (int turn = 0; turn < 8; turn++) {
            said.add("Question number " + turn + " about the workshop and its tools?");
            ChatReply reply = alice.chat(ask(said.toArray(String[]::new)));
            ChatReply anew = anew(alice, ask(said.toArray(String[]::new)));
            assertThat(reply.text()).isEqualTo(anew.text());
            if (turn > 2) {
                assertThat(reply.usage().cachedShare()).isGreaterThan(0.8);
            }
            said.add(reply.text());
            assertThat(alice.awaitIdle(PATIENCE)).isTrue();
        }
    }

    @Test
    void theBeginningComesFromDiskAfterARestartAndTheAnswerIsTheSame() {
        MemCube alice = cube("alice");
        know(alice, ItemType.PROFILE, "Alice is a carpenter in Lyon.");
        alice.activations().compile();
        ChatReply before = alice.chat(ask("Where do I live?"));
        reopen();
        ChatReply after = cube("alice").chat(ask("Where do I live?"));
        assertThat(after.usage().cache()).isEqualTo("disk");
        assertThat(after.usage().cachedTokens()).isPositive();
        assertThat(after.text()).isEqualTo(before.text());
        assertThat(cube("alice").chat(ask("Where do I live?")).usage().cache()).isEqualTo("slot");
    }

    @Test
    void whatHasNoSlotAnyMoreComesFromMemoryAndTheAnswerIsTheSame() {
        memos.close();
        open(models.resolve("tiny.gguf"), 2_048, 6, CacheQuota.DEFAULT);
        know(cube("alice"), ItemType.PROFILE, "Alice is a carpenter in Lyon.");
        know(cube("bob"), ItemType.PROFILE, "Bob is a baker in Nice.");
        ChatReply first = cube("alice").chat(ask("Where do I live?"));
        assertThat(cube("alice").awaitIdle(PATIENCE)).isTrue();
        cube("bob").chat(ask("Where do I live?"));
        assertThat(cube("bob").awaitIdle(PATIENCE)).isTrue();
        assertThat(cube("alice").activations().list())
                .anySatisfy(each -> assertThat(each.tiers()).containsExactly(KvCacheEntry.Tier.MEMORY));
        ChatReply again = cube("alice").chat(ask("Where do I live?"));
        assertThat(again.usage().cache()).isEqualTo("memory");
        assertThat(again.text()).isEqualTo(first.text());
    }

    @Test
    void whatIsUsedAgainIsWrittenToDisk() {
        MemCube alice = cube("alice");
        know(alice, ItemType.PROFILE, "Alice is a carpenter in Lyon, and her workshop is in the Rue Mercière.");
        for (String question : List.of("One?", "Two?", "Three?", "Four?")) {
            alice.chat(ask(question));
            assertThat(alice.awaitIdle(PATIENCE)).isTrue();
        }
        assertThat(files()).isNotEmpty();
        reopen();
        assertThat(cube("alice").chat(ask("Five?")).usage().cache()).isEqualTo("disk");
    }

    @Test
    void cubesShareTheBeginningOfATeamButNotTheirOwn() {
        MemCube company = cube("company");
        know(
                company,
                ItemType.INSTRUCTION,
                "Always name the file and the line. ".repeat(8).strip());
        know(cube("alice"), ItemType.PROFILE, "Alice writes the parser.");
        know(cube("bob"), ItemType.PROFILE, "Bob writes the printer.");
        memos.compose(id("company"), id("alice")).chat(ask("What is to do?"));
        ChatReply bob = memos.compose(id("company"), id("bob")).chat(ask("What is to do?"));
        ChatReply alone = cube("bob").chat(ask("What is to do?"));
        assertThat(bob.usage().cachedTokens()).isGreaterThan(alone.usage().cachedTokens() + 200);
        assertThat(bob.usage().cachedShare()).isLessThan(0.9);
    }

    @Test
    void whatOneCubeSaidIsOfNoUseToAnother() {
        ChatRequest request = ask("My first question?", "An answer.", "My second question?");
        cube("alice").chat(request);
        assertThat(cube("alice").awaitIdle(PATIENCE)).isTrue();
        ChatReply alice = cube("alice").chat(request);
        ChatReply bob = cube("bob").chat(request);
        assertThat(bob.usage().promptTokens()).isEqualTo(alice.usage().promptTokens());
        assertThat(bob.usage().cachedTokens()).isLessThan(alice.usage().cachedTokens());
    }

    @Test
    void theCallersInstructionsComeFirstAndBelongToTheCallersCubes() {
        List<Message> said = List.of(
                Message.of(Role.SYSTEM, "You are the voice of a lighthouse, and you speak in short sentences."),
                Message.user("Who are you?"));
        ChatRequest request = ChatRequest.of(said).maxTokens(8).remember(false);
        cube("alice").chat(request);
        assertThat(cube("alice").chat(request).usage().cachedShare()).isGreaterThan(0.5);
        assertThat(cube("bob").chat(request).usage().cachedTokens()).isZero();
    }

    @Test
    void questionAndAnswerAreRememberedUnlessToldOtherwise() {
        MemCube alice = cube("alice");
        ChatReply reply = alice.chat(
                ChatRequest.of("Where is the nearest lake?").in("monday").maxTokens(8));
        assertThat(alice.list(ListRequest.first()).items())
                .extracting(MemoryItem::text)
                .first()
                .isEqualTo("Where is the nearest lake?");
        assertThat(alice.list(ListRequest.first()).items())
                .extracting(item -> item.origin().session())
                .containsOnly("monday");
        assertThat(reply.warnings()).extracting(Warning::code).doesNotContain("not_remembered");
        alice.chat(ask("Not to be kept?"));
        assertThat(alice.list(ListRequest.first()).items())
                .extracting(MemoryItem::text)
                .doesNotContain("Not to be kept?");
    }

    @Test
    void whatTheConversationRepeatsIsNotRecalledAsWell() {
        MemCube alice = cube("alice");
        alice.chat(ChatRequest.of("The lake of Annecy is cold in March.")
                .in("monday")
                .maxTokens(4));
        List<Message> said = List.of(
                Message.user("The lake of Annecy is cold in March."),
                Message.assistant("Yes."),
                Message.user("How cold is the lake of Annecy in March?"));
        ChatReply repeated =
                alice.chat(ChatRequest.of(said).in("monday").maxTokens(4).remember(false));
        assertThat(repeated.memories()).isEmpty();
        ChatReply elsewhere = alice.chat(ChatRequest.of("How cold is the lake of Annecy in March?")
                .in("tuesday")
                .maxTokens(4)
                .remember(false));
        assertThat(elsewhere.memories()).isNotEmpty();
    }

    @Test
    void theOldestMessagesGiveWayWhereTheContextIsFull() {
        List<String> said = new ArrayList<>();
        for (int turn = 0; turn < 60; turn++) {
            said.add(("Message " + turn + " of a long conversation. ").repeat(6));
        }
        said.add("And now?");
        ChatReply reply = cube("alice").chat(ask(said.toArray(String[]::new)));
        assertThat(reply.warnings()).extracting(Warning::code).containsExactly("history_cut");
        assertThat(reply.usage().promptTokens()).isLessThan(8_192 - 12);
    }

    @Test
    void aQuestionThatIsTooLongIsRefusedAndNothingIsRemembered() {
        MemCube alice = cube("alice");
        ChatRequest request = ChatRequest.of("Why? ".repeat(4_000)).maxTokens(8);
        assertThatThrownBy(() -> alice.chat(request))
                .hasMessageContaining("the model's context has only 8192")
                .extracting("code")
                .isEqualTo(ErrorCode.TOO_LARGE);
        assertThat(alice.list(ListRequest.first()).items()).isEmpty();
    }

    @Test
    void theReaderMayEndTheAnswer() {
        StringBuilder heard = new StringBuilder();
        ChatReply reply = cube("alice").chat(ask("Tell me a story.").maxTokens(200), text -> {
            heard.append(text);
            return heard.length() < 5;
        });
        assertThat(reply.complete()).isFalse();
        assertThat(reply.text()).startsWith(heard.toString());
        assertThat(reply.usage().outputTokens()).isLessThan(50);
    }

    @Test
    void withoutAModelNobodyAnswers() {
        memos.close();
        memos = MemOs.open(MemOsConfig.at(directory).withoutEmbedder());
        assertThatThrownBy(() -> cube("alice").chat(ask("Hello?")))
                .hasMessageContaining("MemOsConfig.withChat")
                .extracting("code")
                .isEqualTo(ErrorCode.INVALID_CONFIGURATION);
        assertThat(cube("alice").activations().promoted()).isEmpty();
    }

    @Test
    void unusableConversationsAreRefused() {
        assertThatThrownBy(() -> ChatRequest.of(List.of())).hasMessageContaining("last message must be the user's");
        assertThatThrownBy(() -> ChatRequest.of(List.of(Message.user("a"), Message.assistant("b"))))
                .hasMessageContaining("last message must be the user's");
        assertThatThrownBy(() -> ChatRequest.of("  ")).hasMessageContaining("empty");
        assertThatThrownBy(() -> ChatRequest.of("a").maxTokens(0)).hasMessageContaining("maxTokens");
        assertThatThrownBy(() -> ChatRequest.of("a").memoryTokens(-1)).hasMessageContaining("memoryTokens");
    }
}
