package io.memos4j.core.search;

import io.memos4j.api.search.SearchResult.Stage;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

class SearchTraceTest {
    @Test
    void theNoteOfAStageInsideAnotherIsItsOwn() {
        SearchTrace trace = new SearchTrace(true);
        trace.time(
                "outer",
                () -> trace.time("inner", () -> {
                    trace.note(() -> "3 passages");
                    return 3;
                }));
        assertThat(trace.stages())
                .extracting(Stage::name, Stage::note)
                .containsExactly(tuple("inner", "3 passages"), tuple("outer", ""));
    }
}
