package io.memos4j.modelfiles;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Validates untrusted adapters: that they are adapters, fit their model, and contain nothing harmful. */
final class LoraValidator {
    /** More tensors than the seven matrices of a thousand layers have. */
    private static final int MOST_TENSORS = 1 << 14;

    private LoraValidator() {}

    /** Validates all tensors and all numbers of a file and returns its adapter. */
    static LoraAdapter validate(TensorFile file, LoraNames names, BaseModel base, LoraScale scale)
            throws BrokenFileException {
        if (file.tensors().size() > MOST_TENSORS) {
            throw new BrokenFileException("it has " + file.tensors().size() + " tensors, of at most " + MOST_TENSORS);
        }
        requireScale(scale);
        Map<LoraMatrix, LoraFactors> found = new TreeMap<>();
        for (TensorInfo tensor : file.tensors()) {
            LoraMatrix matrix = names.matrix(tensor.name())
                    .orElseThrow(() -> new BrokenFileException("its tensor " + excerpt(tensor.name())
                            + " is none of a plain LoRA of attention or MLP projections; train or export it without"));
            requireFits(base, matrix, scale.rank());
            requireMatrix(file, names.a(matrix), scale.rank(), base.columns(matrix.target()));
            requireMatrix(file, names.b(matrix), base.rows(matrix.target()), scale.rank());
            found.computeIfAbsent(matrix, each -> new FileFactors(file, names, base, matrix));
        }
        LoraAdapter adapter = new LoraAdapter(base, scale, new TreeMap<>(found), file::close);
        check(adapter);
        return adapter;
    }

    /** Validates an adapter except for the shapes in its file. */
    static void check(LoraAdapter adapter) throws BrokenFileException {
        requireScale(adapter.scale());
        if (adapter.factors().isEmpty()) {
            throw new BrokenFileException("it changes no matrix; train it again");
        }
        int rank = adapter.scale().rank();
        for (var each : adapter.factors().entrySet()) {
            LoraMatrix matrix = each.getKey();
            requireFits(adapter.base(), matrix, rank);
            requireFinite(
                    LoraNames.PEFT.a(matrix),
                    each.getValue().a(),
                    rank * adapter.base().columns(matrix.target()));
            requireFinite(
                    LoraNames.PEFT.b(matrix),
                    each.getValue().b(),
                    rank * adapter.base().rows(matrix.target()));
        }
    }

    private static void requireScale(LoraScale scale) throws BrokenFileException {
        if (scale.rank() < 1 || scale.rank() > LoraAdapter.HIGHEST_RANK) {
            throw new BrokenFileException("its rank is " + scale.rank() + ", not from 1 to " + LoraAdapter.HIGHEST_RANK
                    + "; train it with a lower rank");
        }
        if (!(scale.alpha() > 0) || !(scale.factor() <= LoraAdapter.LARGEST_SCALE)) {
            throw new BrokenFileException("its alpha is " + scale.alpha()
                    + "; alpha / rank must be above 0 and at most " + LoraAdapter.LARGEST_SCALE);
        }
    }

    private static void requireFits(BaseModel base, LoraMatrix matrix, int rank) throws BrokenFileException {
        if (matrix.layer() < 0 || matrix.layer() >= base.layers()) {
            throw new BrokenFileException("it changes layer " + matrix.layer() + " of a model of " + base.layers()
                    + " layers; use it with the model that it was trained for");
        }
        int least = Math.min(base.rows(matrix.target()), base.columns(matrix.target()));
        if (rank > least) {
            throw new BrokenFileException("its rank is " + rank + ", but "
                    + matrix.target().path() + " has " + least + " rows or columns; train it with a lower rank");
        }
    }

    private static void requireMatrix(TensorFile file, String name, int rows, int columns) throws BrokenFileException {
        TensorInfo tensor = file.tensor(name)
                .orElseThrow(() ->
                        new BrokenFileException("it has no tensor " + name + ", the other half of one that it has"));
        if (!tensor.isMatrix(rows, columns)) {
            throw new BrokenFileException("its tensor " + name + " has shape " + tensor.shape() + ", not [" + rows
                    + ", " + columns + "]; use it with the model that it was trained for");
        }
        if (!tensor.numbers().readable()) {
            throw new BrokenFileException("its tensor " + name + " has numbers of type " + tensor.numbers()
                    + "; export it with F32, F16 or BF16");
        }
    }

    private static void requireFinite(String name, float[] values, long expected) throws BrokenFileException {
        if (values.length != expected) {
            throw new BrokenFileException("its tensor " + name + " has " + values.length + " numbers, not " + expected);
        }
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw new BrokenFileException("its tensor " + name + " has the number " + value
                        + "; the training diverged, train it again with a lower learning rate");
            }
        }
    }

    /** Shortens untrusted text for a message. */
    static String excerpt(String text) {
        return text.length() <= 100 ? text : text.substring(0, 100) + "…";
    }

    static MemoryException refused(Path path, BrokenFileException reason) {
        return new MemoryException(
                ErrorCode.ADAPTER_REFUSED, "Cannot use the adapter " + path + ": " + reason.reason() + ".");
    }

    /** Turns the failure of an unreadable file into the refusal of an adapter. */
    static MemoryException refused(MemoryException failure) {
        return failure.code() == ErrorCode.MODEL_UNREADABLE
                ? new MemoryException(
                        ErrorCode.ADAPTER_REFUSED, failure.getMessage() + " Export the adapter again.", failure)
                : failure;
    }

    /** Factors that are read on demand. */
    private record FileFactors(TensorFile file, LoraNames names, BaseModel base, LoraMatrix matrix)
            implements LoraFactors {
        @Override
        public float[] a() {
            return file.floats(names.a(matrix));
        }

        @Override
        public float[] b() {
            float[] rows = file.floats(names.b(matrix));
            boolean moved = names == LoraNames.GGUF && RotaryRowOrder.differs(base, matrix.target());
            int rank = rows.length / base.rows(matrix.target());
            return moved ? RotaryRowOrder.toTransformers(rows, rank, base.headWidth()) : rows;
        }
    }
}
