package io.memos4j.testkit;

import io.memos4j.api.ItemId;
import io.memos4j.api.adapters.Adapter;
import io.memos4j.api.adapters.AdapterId;
import io.memos4j.api.adapters.AdapterState;
import io.memos4j.api.adapters.LoraShape;
import io.memos4j.api.adapters.LoraTarget;
import io.memos4j.api.adapters.TrainingRecord;
import io.memos4j.internal.Sha256Hash;
import io.memos4j.modelfiles.BaseModel;
import io.memos4j.modelfiles.LoraAdapter;
import io.memos4j.modelfiles.LoraFactors;
import io.memos4j.modelfiles.LoraMatrix;
import io.memos4j.modelfiles.LoraScale;
import io.memos4j.modelfiles.TensorType;
import io.memos4j.spi.runtime.AdapterFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/** Adapters with numbers from a seed, and their files; and what a vault records of one. */
public final class SampleAdapters {
    private static final int RANK = 4;

    private SampleAdapters() {}

    /**
     * Returns the record of an unevaluated adapter with an artifact, which was taught the first version of each of
     * these was taught.
     */
    public static Adapter recorded(AdapterId id, AdapterState state, List<ItemId> taught, Instant at) {
        return new Adapter(
                id,
                state,
                "It was trained.",
                new Adapter.Base("llama", "trained", "served"),
                LoraShape.ofRank(RANK),
                taught.stream().map(item -> new Adapter.Source(item, 1)).toList(),
                new TrainingRecord("a trainer", "trained", "data", 1, 1, 0.5, List.of(), 9, Duration.ofSeconds(1)),
                Optional.empty(),
                Optional.of(new Adapter.Artifact(id.name() + '-' + id.version(), 9)),
                at,
                at);
    }

    /** An adapter of all matrices, strong enough to change what a random model says. */
    public static LoraAdapter random(BaseModel base, long seed) {
        Random numbers = new Random(seed);
        Map<LoraMatrix, LoraFactors> factors = new TreeMap<>();
        for (int layer = 0; layer < base.layers(); layer++) {
            for (LoraTarget target : LoraTarget.values()) {
                int columns = base.columns(target);
                float[] a = normal(numbers, RANK * columns, 0.7 / Math.sqrt(columns));
                float[] b = normal(numbers, RANK * base.rows(target), 0.2);
                factors.put(new LoraMatrix(layer, target), LoraFactors.of(a, b));
            }
        }
        return LoraAdapter.of(base, new LoraScale(RANK, 2 * RANK), factors);
    }

    /** An adapter that adds what both add, each multiplied with its scale: their ranks one after the other. */
    public static LoraAdapter sum(LoraAdapter first, double firstScale, LoraAdapter second, double secondScale) {
        int rank = first.scale().rank() + second.scale().rank();
        Map<LoraMatrix, LoraFactors> factors = new TreeMap<>();
        first.factors().forEach((matrix, one) -> {
            LoraFactors other = Objects.requireNonNull(second.factors().get(matrix));
            float[] outer = new float[first.base().rows(matrix.target()) * rank];
            columns(outer, rank, 0, scaled(one.b(), firstScale * first.scale().factor()));
            columns(
                    outer,
                    rank,
                    first.scale().rank(),
                    scaled(other.b(), secondScale * second.scale().factor()));
            factors.put(matrix, LoraFactors.of(joined(one.a(), other.a()), outer));
        });
        return LoraAdapter.of(first.base(), new LoraScale(rank, rank), factors);
    }

    private static void columns(float[] to, int width, int from, float[] values) {
        int rows = to.length / width;
        int columns = values.length / rows;
        for (int row = 0; row < rows; row++) {
            System.arraycopy(values, row * columns, to, row * width + from, columns);
        }
    }

    private static float[] joined(float[] first, float[] second) {
        float[] both = new float[first.length + second.length];
        System.arraycopy(first, 0, both, 0, first.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static float[] scaled(float[] values, double factor) {
        float[] scaled = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            scaled[i] = (float) (values[i] * factor);
        }
        return scaled;
    }

    private static float[] normal(Random numbers, int count, double deviation) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (numbers.nextGaussian() * deviation);
        }
        return values;
    }

    /** Writes both layouts into a folder, as {@code NAME.gguf} and {@code NAME}, with all bits. */
    public static AdapterFiles write(LoraAdapter adapter, Path folder, String name) {
        return write(adapter, folder, name, TensorType.F32);
    }

    /** The same, with numbers of this type. */
    public static AdapterFiles write(LoraAdapter adapter, Path folder, String name, TensorType numbers) {
        Path gguf = folder.resolve(name + ".gguf");
        Path peft = folder.resolve(name);
        try {
            adapter.writeGguf(gguf, numbers);
            adapter.writePeft(peft, numbers);
            return new AdapterFiles(Sha256Hash.of(gguf), gguf, peft);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
