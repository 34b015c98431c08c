package io.memos4j.core;

import io.memos4j.api.MemCube;
import io.memos4j.api.items.Message;
import io.memos4j.api.search.SearchHit;
import io.memos4j.api.search.SearchRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** One engine with the bundled embedder and without a language model; cubes with turns among others. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ConversationFixture {
    static final Instant MONDAY = Instant.parse("2025-03-03T10:00:00Z");
    private static final int TALK_BETWEEN = 4;
    private static final List<String> TALK = List.of(
            "The ferry was late because of the fog.",
            "How long do I boil an egg?",
            "We had pancakes for breakfast.",
            "The museum has a new roof.",
            "Somebody left a bicycle in the hallway.",
            "What is the capital of Peru?",
            "The tomatoes on the balcony are ripe.",
            "I read half a book on the train.");

    private MemOs memos;
    private int cubes;

    @BeforeAll
    void open(@TempDir Path directory) {
        memos = MemOs.open(MemOsConfig.at(directory));
    }

    @AfterAll
    void close() {
        memos.close();
    }

    MemCube cube(String name) {
        return memos.cube(name);
    }

    /**
     * Adds turns among others.
     *
     * @param session the session of the other turns before each group, by its number; that of the group is "day N"
     * @param groups turns separated by " // "; "A: " is the assistant, "Alice: " a user of that name
     */
    MemCube remember(String session, Duration pause, String... groups) {
        MemCube cube = memos.cube("cube-" + cubes++);
        Instant time = MONDAY;
        for (int i = 0; i < groups.length; i++) {
            int from = i * TALK_BETWEEN % TALK.size();
            for (String talk : TALK.subList(from, from + TALK_BETWEEN)) {
                time = time.plus(Duration.ofHours(3));
                cube.add(Message.user(talk).in(session + i).at(time));
            }
            for (String turn : groups[i].split(" // ")) {
                time = time.plus(pause);
                cube.add(message(turn).in("day " + i).at(time));
            }
        }
        assertThat(cube.awaitIdle(Duration.ofMinutes(2))).isTrue();
        return cube;
    }

    private static Message message(String turn) {
        if (turn.startsWith("A: ")) {
            return Message.assistant(turn.substring(3));
        }
        return turn.startsWith("Alice: ") ? Message.user(turn.substring(7)).by("Alice") : Message.user(turn);
    }

    static List<SearchHit> search(MemCube cube, String question) {
        return cube.search(SearchRequest.of(question).limit(10)).hits();
    }
}
