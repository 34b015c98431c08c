package io.memos4j.core;

import io.memos4j.api.CubeId;
import io.memos4j.api.ErasureReceipt;
import io.memos4j.api.ErasureReceipt.Verification;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.items.Document;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ItemEdit;
import io.memos4j.api.items.Message;
import io.memos4j.api.items.Selection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class ErasureReceiptTest {
    private static final String PIN = "My PIN is 4711.";

    @TempDir
    Path directory;

    @TempDir
    Path other;

    private MemOs memos;
    private MemCube cube;

    @BeforeEach
    void open() {
        memos = MemOs.open(MemOsConfig.at(directory).withoutEmbedder());
        cube = memos.cube("alice");
        cube.add(Message.user("The garden needs water on Mondays.").in("s"));
    }

    @AfterEach
    void close() {
        memos.close();
    }

    private ItemId add(String text) {
        return cube.add(Message.user(text).in("s").by("Alice")).ids().getFirst();
    }

    @Test
    void tellsWhatWasErasedAndProvesIt() {
        ItemId item = add(PIN);
        cube.update(item, ItemEdit.text("My PIN is 8080 since May."));
        ErasureReceipt receipt = cube.erase(Selection.item(item));
        assertThat(receipt.items()).containsExactly(item);
        assertThat(receipt.versions()).isEqualTo(2);
        assertThat(receipt.selection()).isEqualTo("item");
        assertThat(receipt.isComplete()).as("%s", receipt.remaining()).isTrue();
        assertThat(receipt.probes()).hasSize(2);
        assertThat(receipt.toString()).doesNotContain("4711").doesNotContain("8080");
        Verification verified = memos.verifyErasure(receipt);
        assertThat(verified.isProven()).isTrue();
        assertThat(verified.bytes()).isPositive();
        assertThat(cube.get(item)).isEmpty();
        close();
        open();
        assertThat(memos.verifyErasure(receipt).isProven()).isTrue();
    }

    @Test
    void findsWhatIsSaidAgain() {
        ErasureReceipt receipt = cube.erase(Selection.item(add(PIN)));
        add("By the way: " + PIN + " Please keep it.");
        Verification verified = memos.verifyErasure(receipt);
        assertThat(verified.isProven()).isFalse();
        assertThat(verified.found()).anyMatch(line -> line.contains("memos.db"));
    }

    @Test
    void tellsThatAnotherCubeSaysTheSame() {
        ItemId item = add("The key is under the third stone from the left.");
        memos.cube("bob").add(Message.user("The key is under the third stone from the left."));
        ErasureReceipt receipt = cube.erase(Selection.item(item));
        assertThat(receipt.isComplete()).isFalse();
        assertThat(receipt.remaining().getFirst()).contains("memos.db").contains("fork");
    }

    @Test
    void aPersonsWordsAndLongDocumentsAreErased() {
        add("I dream of a lighthouse in Brittany.");
        cube.add(Message.user("Nothing to do with her.").by("Bob"));
        String text = "A paragraph about a very special snowdrop, number ";
        StringBuilder book = new StringBuilder();
        for (int i = 0; i < 2_000; i++) {
            book.append(text).append(i).append(".\n\n");
        }
        cube.add(Document.of("book.txt", Document.Format.TEXT, book.toString().getBytes(StandardCharsets.UTF_8)));
        ErasureReceipt person = cube.erase(Selection.matching(Filter.speaker("Alice")));
        ErasureReceipt document = cube.erase(Selection.source("book.txt"));
        assertThat(person.items()).hasSize(1);
        assertThat(document.items()).hasSizeGreaterThan(10);
        assertThat(List.of(person, document)).allMatch(ErasureReceipt::isComplete);
        assertThat(memos.verifyErasure(document).isProven()).isTrue();
    }

    @Test
    void textsTooShortToBeLookedForAreCounted() {
        ErasureReceipt receipt = cube.erase(Selection.item(add("Lyon.")));
        assertThat(receipt.probes()).isEmpty();
        assertThat(receipt.unprobed()).isEqualTo(1);
    }

    @Test
    void nothingSelectedIsNothingErased() {
        ErasureReceipt receipt = cube.erase(Selection.session("none"));
        assertThat(receipt.items()).isEmpty();
        assertThat(receipt.versions()).isZero();
        assertThat(memos.verifyErasure(receipt).isProven()).isTrue();
    }

    @Test
    void aForgedReceiptIsRefused() {
        ErasureReceipt receipt = cube.erase(Selection.item(add(PIN)));
        ErasureReceipt forged = new ErasureReceipt(
                receipt.id(),
                CubeId.of("bob"),
                receipt.selection(),
                receipt.at(),
                receipt.items(),
                receipt.derived(),
                receipt.versions(),
                receipt.adapters(),
                receipt.places(),
                receipt.remaining(),
                receipt.probes(),
                receipt.unprobed(),
                receipt.salt(),
                receipt.publicKey(),
                receipt.signature());
        assertThat(memos.verifyErasure(forged).signed()).isFalse();
        assertThat(memos.verifyErasure(receipt.signedBy("no base64!", "neither!"))
                        .signed())
                .isFalse();
    }

    @Test
    void anotherDirectorysReceiptIsNotLookedFor() {
        ErasureReceipt receipt = cube.erase(Selection.item(add(PIN)));
        try (MemOs stranger = MemOs.open(MemOsConfig.at(other).withoutEmbedder())) {
            stranger.cube("alice").add(Message.user(PIN));
            Verification verified = stranger.verifyErasure(receipt);
            assertThat(verified.signed()).isTrue();
            assertThat(verified.own()).isFalse();
            assertThat(verified.isProven()).isFalse();
        }
    }

    @Test
    void wordsAreFoundWhereverBlocksOfAFileMeet() throws IOException {
        ErasureReceipt receipt = cube.erase(Selection.item(add(PIN)));
        for (Map.Entry<String, Integer> place : Map.of(
                        "at the start", 0,
                        "over the first border", (1 << 20) - 7,
                        "before the tail", (1 << 20) - 70,
                        "over the second border", (2 << 20) - 3,
                        "at the end", (2 << 20) - PIN.length())
                .entrySet()) {
            byte[] bytes = new byte[Math.max(2 << 20, place.getValue() + PIN.length())];
            System.arraycopy(PIN.getBytes(StandardCharsets.UTF_8), 0, bytes, place.getValue(), PIN.length());
            Path file = Files.write(directory.resolve("copy"), bytes);
            assertThat(memos.verifyErasure(receipt).found())
                    .as(place.getKey())
                    .containsExactly("copy holds erased words in 1 place");
            Files.delete(file);
        }
    }
}
