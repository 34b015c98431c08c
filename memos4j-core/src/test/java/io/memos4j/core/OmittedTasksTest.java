package io.memos4j.core;

import io.memos4j.api.items.Message;
import io.memos4j.api.search.SearchRequest;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.api.tasks.TaskQuery;
import io.memos4j.core.MemOsConfig.Background;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class OmittedTasksTest {
    @TempDir
    private Path directory;

    @Test
    void noTaskOfAnOmittedKindIsAskedForNotEvenByTheUseOfASession() {
        MemOsConfig config = MemOsConfig.at(directory)
                .withoutEmbedder()
                .withBackground(new Background(EnumSet.allOf(TaskKind.class), List.of()));
        try (MemOs memos = MemOs.open(config)) {
            memos.cube("a").add(Message.user("The key lies under the mat").in("s"));
            memos.cube("a").search(SearchRequest.of("key").in("s"));
        }
        try (MemOs memos = MemOs.open(config)) {
            assertThat(memos.scheduler().list(TaskQuery.ALL)).isEmpty();
        }
    }
}
