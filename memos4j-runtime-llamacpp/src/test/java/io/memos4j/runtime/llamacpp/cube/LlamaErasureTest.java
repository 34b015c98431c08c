package io.memos4j.runtime.llamacpp.cube;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.chat.ChatReply;
import io.memos4j.api.items.ItemEdit;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.Note;
import io.memos4j.api.items.Selection;
import io.memos4j.api.kvcache.KvCacheEntry;
import io.memos4j.api.kvcache.KvCacheEntry.Tier;
import io.memos4j.core.ChatConfig.CacheQuota;
import io.memos4j.core.MemOs;
import io.memos4j.core.MemOsConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Erasing or changing memories removes everything computed from them, and damaged or foreign files are not used. */
class LlamaErasureTest extends LlamaChatCubes {
    private static final String FACT = "Alice is a carpenter in Lyon.";

    @Test
    void anErasedSourceTakesFileAndHandleAndLaterAnswersAreComputedWithoutIt() {
        MemCube alice = cube("alice");
        ItemId profile = know(alice, ItemType.PROFILE, FACT);
        List<KvCacheEntry> compiled = alice.activations().compile();
        assertThat(compiled).last().satisfies(each -> {
            assertThat(each.tiers()).containsExactly(Tier.SLOT, Tier.DISK);
            assertThat(each.sources()).containsExactly(new KvCacheEntry.Source(alice.id(), profile, 1));
            assertThat(each.bytes()).isPositive();
            assertThat(each.tokens()).isGreaterThan(64);
        });
        assertThat(files()).isNotEmpty();
        ChatReply knowing = alice.chat(ask("Where do I live?"));
        alice.delete(Selection.item(profile));
        assertThat(files()).isEmpty();
        assertThat(alice.activations().list())
                .allSatisfy(each -> assertThat(each.sources()).isEmpty());
        ChatReply after = alice.chat(ask("Where do I live?"));
        assertThat(after.usage().promptTokens()).isLessThan(knowing.usage().promptTokens() - FACT.length());
        assertThat(after.text()).isEqualTo(anew(alice, ask("Where do I live?")).text());
    }

    @Test
    void aChangedSourceIsComputedAnew() {
        MemCube alice = cube("alice");
        ItemId profile = know(alice, ItemType.PROFILE, FACT);
        List<KvCacheEntry> before = alice.activations().compile();
        alice.update(profile, ItemEdit.text("Alice is a baker in Nice."));
        assertThat(files()).isEmpty();
        List<KvCacheEntry> after = alice.activations().compile();
        assertThat(ids(alice)).doesNotContain(before.getLast().id());
        assertThat(after.getLast().sources())
                .extracting(KvCacheEntry.Source::version)
                .containsExactly(2);
    }

    @Test
    void aChangeElsewhereLeavesItAlone() {
        MemCube alice = cube("alice");
        know(alice, ItemType.PROFILE, FACT);
        ItemId other = know(alice, ItemType.FACT, "The workshop has two doors.");
        alice.activations().compile();
        List<String> before = ids(alice);
        alice.update(other, ItemEdit.text("The workshop has three doors."));
        alice.delete(Selection.item(other));
        assertThat(ids(alice)).isEqualTo(before);
        assertThat(files()).hasSize(1);
    }

    @Test
    void aSharedBeginningGoesWithTheCubeThatItComesFrom() {
        know(cube("company"), ItemType.INSTRUCTION, "Always name the file and the line of what you say.");
        know(cube("alice"), ItemType.PROFILE, FACT);
        memos.compose(id("company"), id("alice")).chat(ask("One?"));
        assertThat(cube("alice").awaitIdle(Duration.ofSeconds(60))).isTrue();
        int held = runtime.statistics().handles();
        memos.delete(id("company"));
        assertThat(runtime.statistics().handles()).isLessThan(held);
        assertThat(ids(cube("alice"))).isEmpty();
    }

    @Test
    void aDeletedCubeLeavesNoFile() {
        know(cube("alice"), ItemType.PROFILE, FACT);
        cube("alice").activations().compile();
        assertThat(files()).isNotEmpty();
        memos.delete(id("alice"));
        assertThat(files()).isEmpty();
    }

    @Test
    void whatWasSaidIsForgottenWithWhateverIsErased() {
        MemCube alice = cube("alice");
        ItemId other = know(alice, ItemType.FACT, "The workshop has two doors.");
        alice.chat(ask("My secret is the fox.", "I see.", "What is my secret?"));
        assertThat(alice.awaitIdle(Duration.ofSeconds(60))).isTrue();
        int held = runtime.statistics().handles();
        alice.delete(Selection.item(other));
        assertThat(runtime.statistics().handles()).isLessThan(held);
    }

    @Test
    void twoCubesThatBeginAlikeShareOneFileUntilBothAreGone() {
        // The rendering names the cube, so only what names none is alike.
        String wish = "Answer in verse, always, and never use a word that has more than three syllables.";
        know(cube("alice"), ItemType.INSTRUCTION, wish);
        know(cube("bob"), ItemType.INSTRUCTION, wish);
        cube("alice").activations().compile();
        cube("bob").activations().compile();
        assertThat(files()).hasSize(1);
        assertThat(ids(cube("alice"))).isEqualTo(ids(cube("bob")));
        assertThat(cube("alice").activations().drop(ids(cube("alice")).getFirst()))
                .isTrue();
        assertThat(files()).hasSize(1);
        memos.delete(id("bob"));
        assertThat(files()).isEmpty();
    }

    @Test
    void whatIsDroppedIsGoneAndComputedAgainWhenNeeded() {
        MemCube alice = cube("alice");
        know(alice, ItemType.PROFILE, FACT);
        String compiled = alice.activations().compile().getLast().id();
        assertThat(alice.activations().drop("unknown")).isFalse();
        assertThat(cube("bob").activations().drop(compiled)).isFalse();
        assertThat(alice.activations().drop(compiled)).isTrue();
        assertThat(files()).isEmpty();
        assertThat(ids(alice)).doesNotContain(compiled);
        assertThat(alice.activations().compile().getLast().id()).isEqualTo(compiled);
    }

    @Test
    void whatExpiresIsNotUsedBeyondItsTime() {
        MemCube alice = cube("alice");
        ItemId profile = know(alice, ItemType.PROFILE, FACT);
        alice.update(profile, ItemEdit.NOTHING.expiresAt(clock.instant().plus(Duration.ofDays(1))));
        ChatReply knowing = alice.chat(ask("Where do I live?"));
        clock.advance(Duration.ofDays(2));
        ChatReply later = alice.chat(ask("Where do I live?"));
        assertThat(later.usage().promptTokens()).isLessThan(knowing.usage().promptTokens());
    }

    @Test
    void aDamagedFileIsErasedAndTheBeginningComputedAnew() throws IOException {
        MemCube alice = cube("alice");
        know(alice, ItemType.PROFILE, FACT);
        alice.activations().compile();
        ChatReply before = alice.chat(ask("Where do I live?"));
        Path file = files().getFirst();
        memos.close();
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
        open(CacheQuota.DEFAULT);
        ChatReply after = cube("alice").chat(ask("Where do I live?"));
        assertThat(after.text()).isEqualTo(before.text());
        assertThat(after.usage().cache()).isNotEqualTo("disk");
        assertThat(files()).isEmpty();
    }

    @Test
    void filesThatNobodyNamesAndNamesWithoutFilesAreDroppedAtTheStart() throws IOException {
        know(cube("alice"), ItemType.PROFILE, FACT);
        cube("alice").activations().compile();
        Path file = files().getFirst();
        memos.close();
        Files.writeString(file.resolveSibling("left over.kv"), "half", StandardOpenOption.CREATE_NEW);
        Files.delete(file);
        open(CacheQuota.DEFAULT);
        assertThat(files()).isEmpty();
        assertThat(ids(cube("alice"))).isEmpty();
    }

    @Test
    void whatIsLargerThanTheQuotaIsNotWritten() {
        reopen(new CacheQuota(1 << 20, 1 << 20, 1_000));
        know(cube("alice"), ItemType.PROFILE, FACT);
        cube("alice").activations().compile();
        assertThat(files()).isEmpty();
        assertThat(cube("alice").chat(ask("One?")).usage().cache()).isEqualTo("slot");
    }

    @Test
    void theQuotaOfACubeHoldsWhateverIsCompiled() throws IOException {
        know(cube("alice"), ItemType.PROFILE, FACT);
        cube("alice").activations().compile();
        long bytes = Files.size(files().getFirst());
        reopen(new CacheQuota(0, 100 * bytes, 2 * bytes + bytes / 2));
        MemCube alice = cube("alice");
        for (int i = 0; i < 4; i++) {
            know(alice, ItemType.INSTRUCTION, "Remember the number " + i + ".");
            alice.activations().compile();
            clock.advance(Duration.ofMinutes(1));
            long used = 0;
            for (Path file : files()) {
                used += Files.size(file);
            }
            assertThat(used).isLessThanOrEqualTo(2 * bytes + bytes / 2);
        }
    }

    private void reopen(CacheQuota quota) {
        memos.close();
        open(quota);
    }

    @Test
    void conversationsOfManySessionsFindRoomAndGiveItBack() {
        memos.close();
        open(models.resolve("tiny.gguf"), 4_096, 6, new CacheQuota(4 << 20, 1 << 30, 1 << 30));
        for (int i = 0; i < 12; i++) {
            MemCube cube = cube("user-" + i % 4);
            cube.add(Note.of("Note " + i + " of this user.").as(ItemType.PROFILE));
            assertThat(cube.chat(ask("Question " + i + "?")).usage().outputTokens())
                    .isPositive();
        }
        assertThat(runtime.statistics().handles()).isLessThanOrEqualTo(6);
    }

    @Test
    void withoutARuntimeTheActivationMemorySaysWhatIsMissing() {
        memos.close();
        memos = MemOs.open(MemOsConfig.at(directory).withoutEmbedder());
        assertThatThrownBy(() -> cube("alice").activations().compile())
                .extracting("code")
                .isEqualTo(ErrorCode.INVALID_CONFIGURATION);
    }
}
