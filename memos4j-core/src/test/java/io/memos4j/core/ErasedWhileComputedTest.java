package io.memos4j.core;

import io.memos4j.api.Activation;
import io.memos4j.api.ChatRequest;
import io.memos4j.api.ItemId;
import io.memos4j.api.ItemType;
import io.memos4j.api.Note;
import io.memos4j.api.Selection;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What is erased while a next prompt is computed from it in the background. */
class ErasedWhileComputedTest extends RoteFixture {
    private static final int TRIES = 150;

    @Test
    void nothingIsComputedFromItOnceTheDeletionIsDone() {
        for (int i = 0; i < TRIES; i++) {
            ItemId profile = cube.add(
                            Note.of("Alice is carpenter number " + i + ".").as(ItemType.PROFILE))
                    .ids()
                    .getFirst();
            cube.chat(ChatRequest.of("Where do I live?").remember(false));
            cube.delete(Selection.item(profile));
            assertThat(cube.activations().list())
                    .as("try %s", i)
                    .flatExtracting(Activation::sources)
                    .isEmpty();
        }
    }
}
