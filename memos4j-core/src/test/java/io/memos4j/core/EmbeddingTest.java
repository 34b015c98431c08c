package io.memos4j.core;

import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ItemEdit;
import io.memos4j.api.items.Note;
import io.memos4j.api.items.Selection;
import io.memos4j.api.search.SearchRequest;
import io.memos4j.api.search.SearchResult;
import io.memos4j.testkit.models.HashingEmbedder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static io.memos4j.testkit.FailureAssertions.refused;
import static org.assertj.core.api.Assertions.assertThat;

/** Vectors from the add to the search, with an embedder that can be slow or fail. */
class EmbeddingTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    private MemOs open(HashingEmbedder embedder) {
        return MemOs.open(MemOsConfig.at(directory).withEmbedder(embedder));
    }

    @Test
    void anItemIsFoundByWordsBeforeItsVectorExistsAndByMeaningAfter() {
        HashingEmbedder slow = new HashingEmbedder("a", 1_536).slow(Duration.ofMillis(300));
        try (MemOs memos = open(slow)) {
            MemCube cube = memos.cube("x");
            cube.add("the harbour at night");
            assertThat(cube.search("harbour").hits()).hasSize(1);
            assertThat(cube.awaitIdle(PATIENCE)).isTrue();
            SearchResult result = cube.search(SearchRequest.of("night").explained());
            assertThat(result.hits().getFirst().why()).anyMatch(why -> why.startsWith("meaning"));
        }
    }

    @Test
    void aLostIndexFolderIsRebuiltWithoutEmbeddingAgain() throws IOException {
        try (MemOs memos = open(new HashingEmbedder("a", 64))) {
            for (int i = 0; i < 50; i++) {
                memos.cube("x").add("text number " + i);
            }
            assertThat(memos.cube("x").awaitIdle(PATIENCE)).isTrue();
        }
        deleteTree(directory.resolve("index"));
        HashingEmbedder again = new HashingEmbedder("a", 64);
        try (MemOs memos = open(again)) {
            MemCube cube = memos.cube("x");
            SearchResult result = cube.search(SearchRequest.of("number 17").explained());
            assertThat(result.hits().getFirst().item().text()).isEqualTo("text number 17");
            assertThat(result.hits().getFirst().why()).anyMatch(why -> why.startsWith("meaning"));
            assertThat(again.calls()).as("only the query").isEqualTo(1);
        }
    }

    @Test
    void aDamagedIndexIsRebuilt() throws IOException {
        try (MemOs memos = open(new HashingEmbedder("a", 64))) {
            memos.cube("x").add("still here");
        }
        try (Stream<Path> files = Files.walk(directory.resolve("index"))) {
            for (Path file : files.filter(each ->
                            each.toString().endsWith(".si") || each.toString().endsWith(".cfs"))
                    .toList()) {
                Files.write(file, new byte[] {1, 2, 3});
            }
        }
        try (MemOs memos = open(new HashingEmbedder("a", 64))) {
            assertThat(memos.cube("x").search("still here").hits()).hasSize(1);
            assertThat(memos.checkHealth().isHealthy()).isTrue();
        }
    }

    @Test
    void anotherEmbedderIsRefusedUntilTheCubeIsReindexed() {
        try (MemOs memos = open(new HashingEmbedder("a", 64))) {
            memos.cube("x").add("text");
            memos.cube("x").awaitIdle(PATIENCE);
        }
        try (MemOs memos = open(new HashingEmbedder("b", 32))) {
            MemCube cube = memos.cube("x");
            refused(ErrorCode.EMBEDDER_MISMATCH, () -> cube.search("text"), "reindex()");
            cube.reindex();
            assertThat(cube.awaitIdle(PATIENCE)).isTrue();
            assertThat(cube.search("text").hits()).hasSize(1);
            assertThat(cube.describe().embedder()).isEqualTo("b");
        }
    }

    @Test
    void vectorsThatACrashLeftPendingAreComputedAtTheNextStart() {
        try (MemOs memos = open(new HashingEmbedder("a", 64).slow(Duration.ofSeconds(1)))) {
            for (int i = 0; i < 20; i++) {
                memos.cube("x").add("text " + i);
            }
        }
        try (MemOs memos = open(new HashingEmbedder("a", 64))) {
            assertThat(memos.cube("x").awaitIdle(PATIENCE)).isTrue();
            assertThat(memos.cube("x").describe().pendingVectors()).isZero();
        }
    }

    @Test
    void aTextThatTheEmbedderFailsOnIsSettledAndTheOthersGetTheirVectors() {
        try (MemOs memos = open(new HashingEmbedder("a", 64).failingOn("poison"))) {
            MemCube cube = memos.cube("x");
            cube.add(List.of(Note.of("good one"), Note.of("poison here"), Note.of("good two")));
            assertThat(cube.awaitIdle(PATIENCE)).isTrue();
            assertThat(cube.search("poison").hits()).hasSize(1);
        }
    }

    @Test
    void aFailingEmbedderDegradesASearchWithAWarning() {
        try (MemOs memos = open(new HashingEmbedder("a", 64).failingOn("question"))) {
            memos.cube("x").add("an answer to it");
            SearchResult result = memos.cube("x").search("question answer");
            assertThat(result.hits()).hasSize(1);
            assertThat(result.warnings()).extracting(warning -> warning.code()).containsExactly("vectors_unavailable");
        }
    }

    @Test
    void aSlowEmbedderIsCutAtTheDeadline() {
        try (MemOs memos = open(new HashingEmbedder("a", 64).slow(Duration.ofSeconds(5)))) {
            memos.cube("x").add("an answer");
            SearchResult result =
                    memos.cube("x").search(SearchRequest.of("answer").within(Duration.ofMillis(300)));
            assertThat(result.hits()).hasSize(1);
            assertThat(result.warnings()).extracting(warning -> warning.code()).containsExactly("deadline_exceeded");
        }
    }

    @Test
    void anUpdateGetsANewVector() {
        try (MemOs memos = open(new HashingEmbedder("a", 64))) {
            MemCube cube = memos.cube("x");
            ItemId id = cube.add("apples and pears").ids().getFirst();
            cube.awaitIdle(PATIENCE);
            cube.update(id, ItemEdit.text("submarine volcano"));
            assertThat(cube.awaitIdle(PATIENCE)).isTrue();
            SearchResult result = cube.search(SearchRequest.of("volcano").explained());
            assertThat(result.hits().getFirst().why())
                    .anyMatch(why -> why.contains("cosine 0.7") || why.contains("cosine 0.6"));
        }
    }

    @Test
    void nothingOfADeletedCubeIsLeftOnTheDisk() throws IOException {
        String secret = "Schnabeltier4711";
        try (MemOs memos = open(new HashingEmbedder("a", 64))) {
            memos.cube("keep").add("innocent text");
            memos.cube("secret").add("the word is " + secret);
            memos.cube("keep").add("also mentions " + secret);
            memos.cube("keep").awaitIdle(PATIENCE);
            memos.cube("keep")
                    .delete(Selection.matching(Filter.not(Filter.eq(
                            "id",
                            memos.cube("keep")
                                    .search("innocent")
                                    .hits()
                                    .getFirst()
                                    .item()
                                    .id()
                                    .toString()))));
            memos.delete(CubeId.of("secret"));
            memos.compact();
            assertThat(filesWith(secret)).isEmpty();
        }
        assertThat(filesWith(secret)).isEmpty();
    }

    private List<Path> filesWith(String text) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> holds(file, text))
                    .toList();
        }
    }

    private static boolean holds(Path file, String text) {
        try {
            String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
            return content.contains(text) || content.contains(text.toLowerCase(Locale.ROOT));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void deleteTree(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
