package io.memos4j.core;

import io.memos4j.api.MemCube;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.search.SearchRequest;
import io.memos4j.testkit.MutableClock;
import io.memos4j.testkit.models.HashingEmbedder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Opens a data directory of format 7 (commit 02cf4db7), which holds preferences and instructions a second time, beside
 * the messages that state them. One message was edited and one corrected since, without the restatement; one
 * restatement was edited and one archived.
 */
class RestatementUpgradeTest {
    @TempDir
    private Path directory;

    private MemOs memos;
    private MemCube alice;

    @BeforeEach
    void open() throws IOException {
        DataDirectoryArchive.unpack("02cf4db7", directory);
        memos = MemOs.open(MemOsConfig.at(directory)
                .withClock(new MutableClock(Instant.parse("2026-03-05T10:00:00Z")))
                .withEmbedder(new HashingEmbedder("hash", 32)));
        alice = memos.cube("alice");
    }

    @AfterEach
    void close() {
        memos.close();
    }

    private List<MemoryItem> list(Filter filter) {
        return alice.list(ListRequest.first().limit(100).where(filter)).items();
    }

    @Test
    void whatNobodyChangedIsErasedBesideItsMessageAndTheRestStays() {
        assertThat(list(Filter.in("type", List.of("message", "preference", "instruction"))))
                .extracting(MemoryItem::type, MemoryItem::state, MemoryItem::text)
                .containsExactlyInAnyOrder(
                        tuple(ItemType.MESSAGE, ItemState.ACTIVATED, "I'm allergic to shellfish."),
                        tuple(ItemType.MESSAGE, ItemState.ACTIVATED, "I hate sushi."),
                        tuple(ItemType.MESSAGE, ItemState.ACTIVATED, "Always answer in English."),
                        tuple(ItemType.MESSAGE, ItemState.ACTIVATED, "I prefer tea to coffee."),
                        tuple(ItemType.PREFERENCE, ItemState.ACTIVATED, "I prefer green tea to coffee."),
                        tuple(
                                ItemType.MESSAGE,
                                ItemState.ACTIVATED,
                                "I moved to Lyon. Please always cite your sources."),
                        tuple(ItemType.MESSAGE, ItemState.ARCHIVED, "My favorite color is green."),
                        tuple(ItemType.MESSAGE, ItemState.ACTIVATED, "I enjoy long walks."),
                        tuple(ItemType.PREFERENCE, ItemState.ARCHIVED, "I enjoy long walks."),
                        tuple(ItemType.MESSAGE, ItemState.ACTIVATED, "The parcel arrived."),
                        tuple(ItemType.MESSAGE, ItemState.ACTIVATED, "No, my favorite color is blue."));
        assertThat(memos.checkHealth().isHealthy()).isTrue();
    }

    @Test
    void theMessagesAreFoundByTheTypeOfTheirStatementWithTheirMetadata() {
        assertThat(list(Filter.and(Filter.type(ItemType.PREFERENCE), Filter.RECALLED)))
                .extracting(MemoryItem::text)
                .containsExactlyInAnyOrder(
                        "I'm allergic to shellfish.",
                        "I hate sushi.",
                        "I prefer green tea to coffee.",
                        "No, my favorite color is blue.");
        assertThat(list(Filter.type(ItemType.INSTRUCTION)))
                .extracting(MemoryItem::text, MemoryItem::metadata)
                .containsExactlyInAnyOrder(
                        tuple("Always answer in English.", Map.of("n", 2L)),
                        tuple("I moved to Lyon. Please always cite your sources.", Map.of("n", 4L)));
    }

    @Test
    void theIndexFindsThemWithoutBeingRebuilt() {
        assertThat(alice.search(SearchRequest.of("allergic to shellfish").where(Filter.type(ItemType.PREFERENCE)))
                        .hits())
                .extracting(hit -> hit.item().text(), hit -> hit.item().type())
                .contains(tuple("I'm allergic to shellfish.", ItemType.MESSAGE));
        assertThat(alice.search("Do I love sushi?").context())
                .contains("I hate sushi")
                .doesNotContain("I love sushi.");
    }

    @Test
    void theRatingOfARestatementIsThatOfItsMessage() {
        assertThat(alice.search(SearchRequest.of("Always answer in English.").explained())
                        .hits())
                .filteredOn(hit -> hit.item().text().equals("Always answer in English."))
                .singleElement()
                .satisfies(hit -> assertThat(String.join(" ", hit.why())).contains("rated"));
    }

    @Test
    void theProfileNamesTheMessagesAsItsSources() {
        MemoryItem profile = list(Filter.type(ItemType.PROFILE)).getFirst();

        assertThat(alice.explain(profile.id()).sources())
                .isNotEmpty()
                .allSatisfy(source -> assertThat(source.item()).isPresent());
        assertThat(alice.awaitIdle(Duration.ofMinutes(1))).isTrue();
    }
}
