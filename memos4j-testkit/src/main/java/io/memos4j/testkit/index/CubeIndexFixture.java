package io.memos4j.testkit.index;

import io.memos4j.api.ItemId;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.spi.index.ChangeBatch;
import io.memos4j.spi.index.CubeIndex;
import io.memos4j.spi.index.IndexedItem;
import io.memos4j.spi.index.IndexedItem.IndexedPassage;
import io.memos4j.spi.index.LexicalQuery;
import io.memos4j.spi.index.Passage;
import io.memos4j.testkit.SampleItems;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** An open index of two dimensions, with shorthands for tests. */
public abstract class CubeIndexFixture {
    static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    protected Path directory;

    protected CubeIndex index;
    long seq;

    /** Opens the index under test. */
    protected abstract CubeIndex open(Path folder, int dimension);

    @BeforeEach
    void openIndex() {
        index = open(directory, 2);
    }

    @AfterEach
    void closeIndex() {
        index.close();
    }

    protected final void add(long number, String text) {
        apply(SampleItems.message(number, text), Optional.empty());
    }

    void apply(MemoryItem item, Optional<byte[]> vector) {
        apply(item, List.of(new IndexedPassage(new Passage(0, 0, item.text().length()), vector)));
    }

    void apply(MemoryItem item, List<IndexedPassage> passages) {
        index.apply(new ChangeBatch(List.of(new IndexedItem(item, passages)), List.of(), ++seq, false));
    }

    void erase(long number) {
        index.apply(new ChangeBatch(List.of(), List.of(SampleItems.id(number)), ++seq, false));
    }

    /** The numbers of the items that a query finds, best first. */
    protected final List<Long> words(String query) {
        return index.lexical(new LexicalQuery(query, Filter.ALL, 100, LONG)).candidates().stream()
                .map(each -> number(each.item()))
                .toList();
    }

    static long number(ItemId id) {
        return id.value().getLeastSignificantBits() & 0xffff;
    }
}
