package io.memos4j.core;

import io.memos4j.api.CubeId;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.items.AddRequest;
import io.memos4j.api.items.Document;
import io.memos4j.api.items.ItemEdit;
import io.memos4j.api.items.Message;
import io.memos4j.api.items.Note;
import io.memos4j.api.items.Selection;
import io.memos4j.api.search.SearchRequest;
import io.memos4j.api.tasks.Task;
import io.memos4j.api.tasks.TaskQuery;
import io.memos4j.core.clock.IdGenerator;
import io.memos4j.spi.vault.VaultReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Words that stand nowhere but in what is erased: after the compaction that follows an erasure by itself, no byte of
 * the data directory holds them, whatever they were, neither while it is open nor after a restart.
 */
class ErasureCanaryTest {
    private static final String CANARY = "quokkaschnabel";

    @TempDir
    Path directory;

    private Engine engine;
    private MemCube cube;

    @BeforeEach
    void open() {
        engine = Engine.open(MemOsConfig.at(directory).withoutEmbedder(), IdGenerator.timeOrdered())
                .start();
        cube = engine.cubes.factory.open(engine.catalog.findOrCreate(CubeId.of("alice")));
        for (int i = 0; i < 30; i++) {
            cube.add(Message.user("An ordinary sentence, number " + i + ".").in("s"));
        }
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private static String canary(int number) {
        return CANARY + "x" + number + "x";
    }

    /** Adds a message with canaries wherever a caller puts words. */
    private ItemId addMessage() {
        return cube.add(AddRequest.of(List.of(Message.user("My secret word is " + canary(1) + ".")
                                .by(canary(2))
                                .in(canary(3))
                                .with(Map.of("key", canary(4)))))
                        .withIdempotencyKey(canary(5)))
                .ids()
                .getFirst();
    }

    private void erasedBy(Consumer<MemCube> erasure) throws IOException {
        cube.search(SearchRequest.of("secret word"));
        assertThat(DirectoryBytes.filesWith(directory, CANARY)).isNotEmpty();
        erasure.accept(cube);
        engine.background.indexing.compactErased();
        assertThat(DirectoryBytes.filesWith(directory, CANARY)).isEmpty();
        close();
        assertThat(DirectoryBytes.filesWith(directory, CANARY)).isEmpty();
        open();
        assertThat(DirectoryBytes.filesWith(directory, CANARY)).isEmpty();
    }

    @Test
    void byItem() throws IOException {
        ItemId item = addMessage();
        erasedBy(from -> from.delete(Selection.item(item)));
    }

    @Test
    void bySessionWithTheTasksThatNameIt() throws IOException {
        addMessage();
        assertThat(engine.background.tasks.list(TaskQuery.ALL.of(cube.id())))
                .extracting(Task::subject)
                .contains(canary(3));
        erasedBy(from -> from.delete(Selection.session(canary(3))));
    }

    @Test
    void bySource() throws IOException {
        String name = canary(6) + ".txt";
        byte[] text = ("A document about " + canary(7) + ".").getBytes(StandardCharsets.UTF_8);
        cube.add(Document.of(name, Document.Format.TEXT, text));
        erasedBy(from -> from.delete(Selection.source(name)));
    }

    @Test
    void byFilterWithTitlesAndTagsAndFormerVersions() throws IOException {
        ItemId note = cube.add(Note.of("Something about " + canary(8))
                        .titled(canary(9))
                        .tagged(canary(10)))
                .ids()
                .getFirst();
        cube.update(note, ItemEdit.text("Nothing about it"));
        cube.time().snapshot(canary(11));
        erasedBy(from -> {
            from.delete(Selection.item(note));
            from.time().deleteSnapshot(canary(11));
        });
    }

    @Test
    void withTheCube() throws IOException {
        CubeId name = CubeId.of("of its name the audit keeps record");
        cube = engine.cubes.factory.open(engine.catalog.findOrCreate(name));
        addMessage();
        cube.add(Note.of(canary(12)));
        cube.time().snapshot(canary(13));
        erasedBy(from -> engine.cubes.deletion.delete(from.id()));
    }

    @Test
    void anErasureThatTheFormerProcessLeftIsCompletedByTheNext() throws IOException {
        ItemId item = addMessage();
        cube.delete(Selection.item(item));
        close();
        open();
        engine.background.indexing.compactErased();
        assertThat(DirectoryBytes.filesWith(directory, CANARY)).isEmpty();
    }

    @Test
    void nothingIsRewrittenWhileNothingWasErased() {
        engine.background.indexing.compactErased();
        assertThat(engine.storage.vault.<Boolean>read(VaultReader::hasErasures)).isFalse();
    }
}
