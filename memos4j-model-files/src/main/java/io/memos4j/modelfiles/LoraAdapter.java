package io.memos4j.modelfiles;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.adapters.LoraShape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A plain LoRA adapter (Hu et al. 2021, arXiv 2106.09685): it adds alpha / rank · B · A to some matrices W of a model.
 *
 * <p>Reads and writes PEFT folders ({@code adapter_config.json}, {@code adapter_model.safetensors}) and GGUF files in
 * the format of llama.cpp's {@code convert_lora_to_gguf.py}. Files are not trusted: one is read only if every tensor
 * belongs to an adapter, fits the model, has a rank within bounds and finite numbers; otherwise
 * {@link ErrorCode#ADAPTER_REFUSED} says why. A GGUF adapter that was read here is safe for llama.cpp, which aborts the
 * process for some that are refused here.
 *
 * <p>The numbers stay in the file, which {@link #close()} closes; one matrix at a time is in memory. Thread-safe.
 */
public final class LoraAdapter implements AutoCloseable {
    /** The highest rank that is read or written. */
    public static final int HIGHEST_RANK = 256;

    /** The largest alpha / rank; common ones are from 0.5 to 4. */
    static final int LARGEST_SCALE = 256;

    private static final float LARGEST_F16 = 65_504;

    private final BaseModel base;
    private final LoraScale scale;
    private final SortedMap<LoraMatrix, LoraFactors> factors;
    private final Runnable close;

    LoraAdapter(BaseModel base, LoraScale scale, SortedMap<LoraMatrix, LoraFactors> factors, Runnable close) {
        this.base = base;
        this.scale = scale;
        this.factors = Collections.unmodifiableSortedMap(factors);
        this.close = close;
    }

    /** Creates an adapter in memory, checked like one from a file. */
    public static LoraAdapter of(BaseModel base, LoraScale scale, Map<LoraMatrix, LoraFactors> factors) {
        LoraAdapter adapter = new LoraAdapter(base, scale, new TreeMap<>(factors), () -> {});
        try {
            LoraValidator.check(adapter);
        } catch (BrokenFileException e) {
            throw new MemoryException(ErrorCode.ADAPTER_REFUSED, "Cannot use the adapter: " + e.reason() + ".");
        }
        return adapter;
    }

    /** Reads a PEFT folder. */
    public static LoraAdapter readPeft(Path folder, BaseModel base) {
        return PeftFolder.read(folder, base);
    }

    /** Reads a GGUF file. */
    public static LoraAdapter readGguf(Path file, BaseModel base) {
        return LoraGguf.read(file, base);
    }

    /** Writes a PEFT folder; numbers of a 16-bit type are rounded. */
    public void writePeft(Path folder, TensorType numbers) throws IOException {
        PeftFolder.write(this, folder, numbers);
    }

    /** Writes a GGUF file; numbers of a 16-bit type are rounded. */
    public void writeGguf(Path file, TensorType numbers) throws IOException {
        LoraGguf.write(this, file, numbers);
    }

    /** The base model. */
    public BaseModel base() {
        return base;
    }

    /** Rank and alpha. */
    public LoraScale scale() {
        return scale;
    }

    /** The changes by matrix; each call of a factor reads it from the file. */
    public SortedMap<LoraMatrix, LoraFactors> factors() {
        return factors;
    }

    /** Tells whether it has exactly this shape: rank, alpha, and all matrices of the targets and no others. */
    public boolean has(LoraShape shape) {
        return scale.equals(LoraScale.of(shape)) && factors.keySet().equals(LoraMatrix.of(base, shape));
    }

    /** Computes its change of a matrix: alpha / rank · B · A, row by row, in the order of Transformers. */
    public float[] computeDelta(LoraMatrix matrix) {
        LoraFactors given = factors.get(matrix);
        int rows = base.rows(matrix.target());
        int columns = base.columns(matrix.target());
        float[] sum = new float[Math.multiplyExact(rows, columns)];
        if (given == null) {
            return sum;
        }
        float[] a = given.a();
        float[] b = given.b();
        int rank = scale.rank();
        for (int row = 0; row < rows; row++) {
            for (int k = 0; k < rank; k++) {
                float factor = scale.factor() * b[row * rank + k];
                for (int column = 0; column < columns; column++) {
                    sum[row * columns + column] += factor * a[k * columns + column];
                }
            }
        }
        return sum;
    }

    @Override
    public void close() {
        close.run();
    }

    /** Refuses numbers that would become infinite in a 16-bit type. */
    static float[] requireRepresentable(float[] values, TensorType numbers) {
        for (float value : values) {
            if (numbers == TensorType.F16 && Math.abs(value) > LARGEST_F16) {
                throw new MemoryException(
                        ErrorCode.ADAPTER_REFUSED,
                        "Cannot write the adapter as F16: it has the number " + value + ". Use F32 or BF16.");
            }
        }
        return values;
    }
}
