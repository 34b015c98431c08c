package io.memos4j.bench.performance;

import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class BenchmarkCatalogTest {
    @Test
    void everyBenchmarkMeasuresBesideItsBudget() {
        List<BenchmarkFigure> figures = SearchBenchmark.run(2_000, 30);
        assertThat(figures)
                .anyMatch(figure -> !figure.budget().isEmpty())
                .anyMatch(figure -> figure.what().contains("baseline"));
        assertThat(figures).allMatch(figure -> figure.value() > 0);
        assertThat(ManyCubesBenchmark.run(20)).allMatch(figure -> figure.value() > 0);
    }

    @Test
    void anUnknownBenchmarkIsRefusedWithTheNames() {
        assertThatThrownBy(() -> BenchmarkCatalog.run("nothing")).hasMessageContaining("search-100k");
        assertThat(BenchmarkCatalog.names()).containsAll(BenchmarkCatalog.quick());
    }

    @Test
    void aMissedBudgetSaysSo() {
        assertThat(BenchmarkFigure.atMost("x", 31, "ms", 30).line()).contains("MISSED");
        assertThat(BenchmarkFigure.atLeast("x", 31, "ms", 30).line()).contains("ok");
    }
}
