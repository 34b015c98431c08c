package io.memos4j.core;

import io.memos4j.api.MemCube;
import io.memos4j.api.search.SearchResult;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A memory with one cube, without an embedder. */
abstract class MemOsFixture {
    static final Instant MARCH = Instant.parse("2025-03-04T10:00:00Z");

    @TempDir
    Path directory;

    MemOs memos;
    MemCube cube;

    @BeforeEach
    void open() {
        memos = MemOs.open(MemOsConfig.at(directory).withoutEmbedder());
        cube = memos.cube("alice");
    }

    @AfterEach
    void close() {
        memos.close();
    }

    static List<String> texts(SearchResult result) {
        return result.hits().stream().map(hit -> hit.item().text()).toList();
    }
}
