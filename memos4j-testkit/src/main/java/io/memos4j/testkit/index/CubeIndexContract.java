package io.memos4j.testkit.index;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.spi.index.ChangeBatch;
import io.memos4j.spi.index.CubeIndex.Ranking;
import io.memos4j.spi.index.DenseQuery;
import io.memos4j.spi.index.IndexedItem;
import io.memos4j.spi.index.IndexedItem.IndexedPassage;
import io.memos4j.spi.index.Int8Vectors;
import io.memos4j.spi.index.LexicalQuery;
import io.memos4j.spi.index.Passage;
import io.memos4j.spi.index.PassageCandidate;
import io.memos4j.testkit.FilterCases;
import io.memos4j.testkit.SampleItems;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

import static io.memos4j.testkit.FailureAssertions.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Contract of cube indexes. Extend it and open yours. */
public abstract class CubeIndexContract extends CubeIndexWordsContract {
    @Test
    void whatIsAppliedIsFoundAtOnce() {
        add(1, "Alice moved to Lyon");
        add(2, "Bob stayed in Paris");
        assertThat(words("who lives in lyon now")).containsExactly(1L);
        assertThat(index.appliedSeq()).isEqualTo(2);
        assertThat(index.size()).isEqualTo(2);
    }

    @Test
    void anUpsertReplacesAlsoBeforeAnySearch() {
        add(1, "the old text about turtles");
        add(1, "the new text about whales");
        add(1, "the newest text about dolphins");
        assertThat(words("turtles whales")).isEmpty();
        assertThat(words("dolphins")).containsExactly(1L);
        assertThat(index.size()).isEqualTo(1);
    }

    @Test
    void anErasedItemIsGone() {
        add(1, "a secret");
        add(2, "no secret");
        erase(1);
        assertThat(words("secret")).containsExactly(2L);
    }

    @Test
    void onlyCommittedChangesSurviveAndTheIndexSaysHowFarItIs() {
        add(1, "committed");
        index.commit();
        add(2, "committed on close");
        index.close();
        index = open(directory, 2);
        assertThat(index.appliedSeq()).isEqualTo(2);
        assertThat(words("committed")).containsExactlyInAnyOrder(1L, 2L);
    }

    @Test
    void anItemWithoutPassagesIsNotThereAndDoesNoHarm() {
        add(1, "a turtle");
        index.apply(new ChangeBatch(
                List.of(new IndexedItem(SampleItems.message(1, ""), List.of())),
                List.of(),
                index.appliedSeq() + 1,
                false));
        assertThat(words("turtle")).isEmpty();
        index.close();
        index = open(directory, 2);
        assertThat(index.size()).isZero();
    }

    @Test
    void filtersChooseWhatTheTableSays() {
        FilterCases.items().forEach(item -> apply(item, Optional.of(new byte[] {1, 2})));
        FilterCases.cases().forEach((filter, expected) -> {
            Set<ItemId> ids = expected.stream().map(SampleItems::id).collect(Collectors.toSet());
            assertThat(index.lexical(new LexicalQuery("common", filter, 10, LONG))
                            .candidates())
                    .extracting(PassageCandidate::item)
                    .as("lexical %s", filter)
                    .containsExactlyInAnyOrderElementsOf(ids);
            assertThat(index.dense(new DenseQuery(new byte[] {2, 1}, filter, 10, LONG))
                            .candidates())
                    .extracting(PassageCandidate::item)
                    .as("dense %s", filter)
                    .containsExactlyInAnyOrderElementsOf(ids);
        });
    }

    @Test
    void denseRankingIsByCosineWhateverTheLength() {
        apply(SampleItems.message(1, "near"), Optional.of(new byte[] {100, 10}));
        apply(SampleItems.message(2, "far"), Optional.of(new byte[] {-5, 1}));
        apply(SampleItems.message(3, "middle"), Optional.of(new byte[] {3, 3}));
        apply(SampleItems.message(4, "without"), Optional.empty());
        List<PassageCandidate> found = index.dense(new DenseQuery(new byte[] {127, 0}, Filter.ALL, 10, LONG))
                .candidates();
        assertThat(found).extracting(each -> number(each.item())).containsExactly(1L, 3L, 2L);
        assertThat(found.getFirst().score())
                .isCloseTo((float) Int8Vectors.cosine(new byte[] {127, 0}, new byte[] {100, 10}), within(1e-4f));
    }

    private static Offset<Float> within(float tolerance) {
        return Offset.offset(tolerance);
    }

    @Test
    void aVectorOfAnotherDimensionIsRefused() {
        add(1, "text");
        assertThatThrownBy(() -> index.dense(new DenseQuery(new byte[3], Filter.ALL, 10, LONG)))
                .isInstanceOf(MemoryException.class);
    }

    @Test
    void anIndexOfAnotherDimensionIsToBeRebuilt() {
        add(1, "text");
        index.close();
        refused(ErrorCode.CORRUPT, () -> open(directory, 3));
        index = open(directory, 2);
    }

    @Test
    void anItemThatWasErasedAndCameBackIsThere() {
        MemoryItem item = SampleItems.message(1, "back again");
        IndexedPassage passage = new IndexedPassage(new Passage(0, 0, 10), Optional.empty());
        index.apply(
                new ChangeBatch(List.of(new IndexedItem(item, List.of(passage))), List.of(item.id()), ++seq, false));
        assertThat(words("back")).containsExactly(1L);
    }

    @Test
    void nothingOfAnErasedTextIsLeftAfterExpunging() {
        String secret = "schnabeltier4711";
        for (int i = 0; i < 30; i++) {
            add(i, i % 3 == 0 ? "holds " + secret : "holds nothing");
            if (i % 7 == 0) {
                index.commit();
            }
        }
        index.commit();
        assertThat(filesWith(secret)).isPositive();
        for (int i = 0; i < 30; i += 3) {
            erase(i);
        }
        index.expunge();
        assertThat(filesWith(secret)).isZero();
        assertThat(words("nothing")).hasSize(20);
        index.close();
        assertThat(filesWith(secret)).isZero();
        index = open(directory, 2);
        assertThat(index.size()).isEqualTo(20);
    }

    @Test
    void searchesGoOnWhileChangesAreApplied() throws Exception {
        add(0, "steady word");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> searches = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                searches.add(threads.submit(() -> {
                    for (int n = 0; n < 100; n++) {
                        assertThat(words("steady")).contains(0L);
                    }
                }));
            }
            for (int i = 1; i < 200; i++) {
                add(i, "another text " + i);
            }
            for (Future<?> each : searches) {
                each.get();
            }
        }
        assertThat(index.size()).isEqualTo(200);
    }

    @Test
    void bothRankingsMayBeginTogetherOnFreshChanges() throws Exception {
        Filter filter = Filter.in("state", List.of("activated", "frozen"));
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            for (int i = 0; i < 300; i++) {
                apply(SampleItems.message(i, "word " + i), Optional.of(new byte[] {1, (byte) (i % 100)}));
                Future<Ranking> dense =
                        threads.submit(() -> index.dense(new DenseQuery(new byte[] {2, 1}, filter, 5, LONG)));
                Future<Ranking> lexical =
                        threads.submit(() -> index.lexical(new LexicalQuery("word", filter, 5, LONG)));
                assertThat(dense.get().candidates()).isNotEmpty();
                assertThat(lexical.get().candidates()).isNotEmpty();
            }
        }
    }

    @Test
    void aDeadlineCutsWithoutFailing() {
        for (int i = 0; i < 50; i++) {
            add(i, "some words to rank " + i);
        }
        Ranking ranking = index.lexical(new LexicalQuery("words rank", Filter.ALL, 10, Duration.ZERO));
        assertThat(ranking.candidates().size()).isLessThanOrEqualTo(10);
    }

    @Test
    void aClosedIndexSaysSo() {
        index.close();
        refused(ErrorCode.CLOSED, () -> words("x"));
    }

    private long filesWith(String text) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> holds(file, text)).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean holds(Path file, String text) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
