package io.memos4j.core;

import io.memos4j.api.ItemId;
import io.memos4j.api.chat.ChatRequest;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.Note;
import io.memos4j.api.items.Selection;
import io.memos4j.api.kvcache.KvCacheEntry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests deletions while the next prompt is computed from the deleted items in the background. */
class ErasedWhileComputedTest extends RoteTrainingFixture {
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
                    .flatExtracting(KvCacheEntry::sources)
                    .isEmpty();
        }
    }
}
