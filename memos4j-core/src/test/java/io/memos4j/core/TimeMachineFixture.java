package io.memos4j.core;

import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.history.CubeView;
import io.memos4j.api.history.TimeMachine;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Message;
import io.memos4j.testkit.MutableClock;
import io.memos4j.testkit.models.HashingEmbedder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** A cube whose past is looked at, with a clock that stands still. */
abstract class TimeMachineFixture {
    static final Instant START = Instant.parse("2025-03-04T10:00:00Z");

    @TempDir
    Path directory;

    final MutableClock clock = new MutableClock(START);
    MemOs memos;
    MemCube cube;
    TimeMachine time;

    @BeforeEach
    void open() {
        memos = MemOs.open(MemOsConfig.at(directory)
                .withEmbedder(new HashingEmbedder("hash", 64))
                .withClock(clock));
        cube = memos.cube("alice");
        time = cube.time();
    }

    @AfterEach
    void close() {
        memos.close();
    }

    ItemId say(String text) {
        return cube.add(Message.user(text).by("Alice").at(clock.instant()))
                .ids()
                .getFirst();
    }

    /** The present, with an hour until whatever comes next. */
    Instant mark() {
        Instant marked = time.mark();
        clock.advance(Duration.ofHours(1));
        return marked;
    }

    /** An instant after everything so far. */
    Instant later() {
        return clock.advance(Duration.ofSeconds(1));
    }

    static List<String> texts(List<MemoryItem> items) {
        return items.stream().map(MemoryItem::text).toList();
    }

    static List<String> recalled(CubeView view) {
        Filter recalled = Filter.in("state", List.of("activated", "frozen"));
        return texts(view.list(ListRequest.first().where(recalled)).items());
    }

    List<String> recalled() {
        return recalled(time.recordedAt(later()));
    }

    List<String> found(CubeView view, String query) {
        assertThat(cube.awaitIdle(Duration.ofSeconds(30))).isTrue();
        return view.search(query).hits().stream().map(hit -> hit.item().text()).toList();
    }
}
