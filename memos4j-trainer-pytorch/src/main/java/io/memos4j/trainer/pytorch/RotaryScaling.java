package io.memos4j.trainer.pytorch;

import io.memos4j.api.MemoryException;
import java.util.Arrays;
import tools.jackson.databind.JsonNode;

/**
 * The angles in radians by which each pair of numbers in a head is rotated from one position to the next (Su et al.,
 * RoFormer, 2021), with the scaling of Llama 3.1 if the configuration has it.
 *
 * @param frequencies one per pair
 */
record RotaryScaling(double[] frequencies) {
    /** Creates unscaled frequencies. */
    static RotaryScaling plain(double theta, int headWidth) {
        if (!(theta > 0 && theta < 1e12)) {
            throw MemoryException.invalid("rope_theta must be above 0 (was " + theta + ").");
        }
        double[] frequencies = new double[headWidth / 2];
        Arrays.setAll(frequencies, i -> Math.pow(theta, -2.0 * i / headWidth));
        return new RotaryScaling(frequencies);
    }

    /** Reads {@code rope_theta} and {@code rope_scaling}, or {@code rope_parameters}, which has both in newer files. */
    static RotaryScaling parse(JsonNode config, int headWidth) {
        JsonNode scaling =
                config.hasNonNull("rope_parameters") ? config.get("rope_parameters") : config.path("rope_scaling");
        double theta =
                scaling.path("rope_theta").asDouble(config.path("rope_theta").asDouble(10_000));
        RotaryScaling plain = plain(theta, headWidth);
        String type = scaling.path("rope_type").asString(scaling.path("type").asString("default"));
        return switch (type) {
            case "default" -> plain;
            case "linear" -> plain.slower(positive(scaling, "factor"));
            case "llama3" -> plain.scaled(scaling);
            default ->
                throw MemoryException.invalid(
                        "its rotary positions are scaled by '" + type + "'; default, linear and llama3 are known.");
        };
    }

    private RotaryScaling slower(double factor) {
        return new RotaryScaling(
                Arrays.stream(frequencies).map(each -> each / factor).toArray());
    }

    /** Divides low frequencies by the factor, keeps high ones, and interpolates between. */
    private RotaryScaling scaled(JsonNode scaling) {
        double factor = positive(scaling, "factor");
        double low = positive(scaling, "low_freq_factor");
        double high = positive(scaling, "high_freq_factor");
        double context = positive(scaling, "original_max_position_embeddings");
        if (high <= low) {
            throw MemoryException.invalid("high_freq_factor must be above low_freq_factor.");
        }
        return new RotaryScaling(Arrays.stream(frequencies)
                .map(each -> {
                    double turns = context * each / (2 * Math.PI);
                    double share = Math.clamp((turns - low) / (high - low), 0, 1);
                    return (1 - share) * each / factor + share * each;
                })
                .toArray());
    }

    private static double positive(JsonNode scaling, String name) {
        double value = scaling.path(name).asDouble(0);
        if (!(value > 0 && value < 1e12)) {
            throw MemoryException.invalid(name + " of its rotary positions must be above 0.");
        }
        return value;
    }

    /**
     * Tabulates cosines, then sines, of all angles in the first {@code length} positions: {@code length} rows with a
     * number per pair.
     */
    float[][] table(int length) {
        int pairs = frequencies.length;
        float[][] table = new float[2][length * pairs];
        for (int position = 0; position < length; position++) {
            for (int pair = 0; pair < pairs; pair++) {
                double angle = position * frequencies[pair];
                table[0][position * pairs + pair] = (float) Math.cos(angle);
                table[1][position * pairs + pair] = (float) Math.sin(angle);
            }
        }
        return table;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RotaryScaling that && Arrays.equals(frequencies, that.frequencies);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(frequencies);
    }
}
