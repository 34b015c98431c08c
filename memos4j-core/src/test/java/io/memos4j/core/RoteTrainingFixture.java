package io.memos4j.core;

import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.adapters.Adapter;
import io.memos4j.api.adapters.LearningPolicy;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.Note;
import io.memos4j.core.ChatConfig.CacheQuota;
import io.memos4j.testkit.runtime.FakeAdapterTrainer;
import io.memos4j.testkit.runtime.FakeModelRuntime;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * A memory with one cube and a rote-learning model; memories count as hot and stable at once, but are trained only on
 * request.
 */
abstract class RoteTrainingFixture {
    static final LearningPolicy WHEN_ASKED =
            LearningPolicy.DEFAULT.consent(true).heat(0).stable(Duration.ZERO);

    @TempDir
    private Path directory;

    MemOs memos;
    MemCube cube;

    @BeforeEach
    void open() {
        Path base = directory.resolve("base");
        memos = MemOs.open(MemOsConfig.at(directory.resolve("data"))
                .withoutEmbedder()
                .withChat(new ChatConfig.LocalModel(FakeModelRuntime.in(base), CacheQuota.DEFAULT))
                .withTraining(TrainingConfig.of(new FakeAdapterTrainer(), base)));
        cube = memos.cube("alice");
        cube.adapters().policy(WHEN_ASKED);
    }

    @AfterEach
    void close() {
        memos.close();
    }

    ItemId know(String text) {
        return cube.add(Note.of(text).as(ItemType.FACT)).ids().getFirst();
    }

    /** Returns the directory of an adapter's files. */
    Path folder(Adapter adapter) {
        return directory
                .resolve("data")
                .resolve("adapters")
                .resolve(adapter.artifact().orElseThrow().hash());
    }
}
