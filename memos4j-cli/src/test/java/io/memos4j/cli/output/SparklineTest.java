package io.memos4j.cli.output;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SparklineTest {
    @Test
    void heightsAreLogarithms() {
        assertThat(Sparkline.of(new double[] {10, 2, 0.1}, 40)).isEqualTo("█▆▁");
        assertThat(Sparkline.of(new double[] {3, 3}, 40)).isEqualTo("▁▁");
        assertThat(Sparkline.of(new double[0], 40)).isEmpty();
    }

    @Test
    void manyValuesAreDrawnTogether() {
        double[] falling = IntStream.range(0, 257).mapToDouble(i -> 257 - i).toArray();
        assertThat(Sparkline.of(falling, 40)).hasSize(40).startsWith("█").endsWith("▁");
    }
}
