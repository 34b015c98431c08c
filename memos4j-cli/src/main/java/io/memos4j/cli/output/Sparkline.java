package io.memos4j.cli.output;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Draws positive numbers as a row of eight heights, such as █▆▄▂▁, on a logarithmic scale. */
public final class Sparkline {
    private static final String HEIGHTS = "▁▂▃▄▅▆▇█";
    private static final double LEAST = 1e-9;

    private Sparkline() {}

    /** Draws the values in order; more than {@code width} are averaged with their neighbors. */
    public static String of(double[] values, int width) {
        int columns = Math.min(width, values.length);
        double[] logs = IntStream.range(0, columns)
                .mapToDouble(i -> mean(values, i * values.length / columns, (i + 1) * values.length / columns))
                .map(value -> Math.log(Math.max(LEAST, value)))
                .toArray();
        double low = Arrays.stream(logs).min().orElse(0);
        double range = Arrays.stream(logs).max().orElse(0) - low;
        StringBuilder row = new StringBuilder();
        for (double each : logs) {
            row.append(
                    HEIGHTS.charAt(range == 0 ? 0 : (int) Math.round((each - low) / range * (HEIGHTS.length() - 1))));
        }
        return row.toString();
    }

    private static double mean(double[] values, int from, int to) {
        return Arrays.stream(values, from, to).average().orElse(0);
    }
}
