package io.memos4j.core;

import io.memos4j.api.MemCube;
import io.memos4j.api.history.Snapshot;
import io.memos4j.api.items.AddRequest;
import io.memos4j.api.items.Message;
import io.memos4j.api.items.Note;
import io.memos4j.api.retention.RetentionPolicy;
import io.memos4j.api.search.SearchRequest;
import io.memos4j.api.tasks.TaskQuery;
import io.memos4j.api.tasks.TaskState;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** The example of README.md about memory that works while you sleep. */
class ReadmeTest {
    @TempDir
    private Path directory;

    @Test
    void theExampleOfTheReadmeDoesWhatItSays() {
        try (MemOs memos = MemOs.open(MemOsConfig.at(directory).withoutEmbedder())) {
            MemCube cube = memos.cube("alice");
            cube.policy(RetentionPolicy.DEFAULT.halfLife(Duration.ofDays(30)).archiveBelow(0.1));
            cube.add(AddRequest.of(List.of(Note.of("The door code is 4711")))
                    .expiring(Instant.parse("2030-01-01T00:00:00Z")));
            Snapshot before = cube.time().snapshot("before the move");
            cube.add(Message.user("I moved to Lyon.").by("Alice").in("chat-1"));

            assertThat(memos.scheduler().maintain(cube.id(), Duration.ofMinutes(1)))
                    .isTrue();
            assertThat(memos.scheduler().list(TaskQuery.ALL.in(TaskState.DEAD))).isEmpty();

            assertThat(cube.search(SearchRequest.of("Where does Alice live?").in("chat-1"))
                            .context())
                    .contains("Lyon");
            assertThat(cube.workingMemory("chat-1").items()).isNotEmpty();
            assertThat(memos.compose(cube.id(), memos.cube("team").id())
                            .search("Who moved?")
                            .hits())
                    .isNotEmpty();
            assertThat(cube.time().rollback(before.takenAt()).archived()).isNotEmpty();
        }
    }
}
