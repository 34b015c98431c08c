package io.memos4j.bench.load;

import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class BenchmarksTest {
    @Test
    void everyBenchmarkMeasuresBesideItsBudget() {
        List<Figure> figures = SearchBenchmark.run(2_000, 30);
        assertThat(figures)
                .anyMatch(figure -> !figure.budget().isEmpty())
                .anyMatch(figure -> figure.what().contains("baseline"));
        assertThat(figures).allMatch(figure -> figure.value() > 0);
        assertThat(CubesBenchmark.run(20)).allMatch(figure -> figure.value() > 0);
    }

    @Test
    void anUnknownBenchmarkIsRefusedWithTheNames() {
        assertThatThrownBy(() -> Benchmarks.run("nothing")).hasMessageContaining("search-100k");
        assertThat(Benchmarks.names()).containsAll(Benchmarks.quick());
    }

    @Test
    void aMissedBudgetSaysSo() {
        assertThat(Figure.atMost("x", 31, "ms", 30).line()).contains("MISSED");
        assertThat(Figure.atLeast("x", 31, "ms", 30).line()).contains("ok");
    }
}
