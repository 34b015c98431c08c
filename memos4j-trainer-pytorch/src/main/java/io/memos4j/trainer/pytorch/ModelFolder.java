package io.memos4j.trainer.pytorch;

import io.memos4j.api.MemoryException;
import io.memos4j.modelfiles.BaseModelFiles;
import io.memos4j.modelfiles.SafetensorsFile;
import io.memos4j.modelfiles.TensorInfo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The folder of a base model: {@code config.json} and its weights, in {@code model.safetensors} or in the files that
 * {@code model.safetensors.index.json} names. Weights are read directly into the memory of their tensors, one at a
 * time.
 */
final class ModelFolder implements TensorSource, AutoCloseable {
    static final String WEIGHTS = "model.safetensors";
    private static final int BLOCK = 1 << 24;

    private final Path folder;
    private final TransformerConfig config;
    private final TensorPlacement placement;
    private final RetainedTensors kept;
    private final List<SafetensorsFile> files = new ArrayList<>();
    private final Map<String, SafetensorsFile> places = new HashMap<>();

    ModelFolder(Path folder, TensorPlacement placement, RetainedTensors kept) {
        this.folder = folder;
        this.config = TransformerConfig.read(folder);
        this.placement = placement;
        this.kept = kept;
        try {
            for (Path path : BaseModelFiles.weights(folder)) {
                SafetensorsFile file = SafetensorsFile.open(path);
                files.add(file);
                file.tensors().forEach(tensor -> places.put(tensor.name(), file));
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    TransformerConfig config() {
        return config;
    }

    @Override
    public boolean has(String name) {
        return places.containsKey(name);
    }

    @Override
    public Tensor get(String name, long... shape) {
        SafetensorsFile file = places.get(name);
        if (file == null) {
            throw unusable(folder, "its weights lack the tensor " + name);
        }
        TensorInfo info = file.tensor(name).orElseThrow();
        List<Long> expected = Arrays.stream(shape).boxed().toList();
        if (!info.shape().equals(expected)) {
            throw unusable(
                    file.path(),
                    "its tensor " + name + " has the shape " + info.shape() + ", not " + expected + " as "
                            + TransformerConfig.FILE + " says");
        }
        try (PointerScope scope = new PointerScope()) {
            return kept.retain(placement.convert(read(file, info, shape)));
        }
    }

    private static Tensor read(SafetensorsFile file, TensorInfo info, long... shape) {
        ScalarType type = switch (info.numbers()) {
            case F32 -> ScalarType.Float;
            case F16 -> ScalarType.Half;
            case BF16 -> ScalarType.BFloat16;
            default ->
                throw unusable(
                        file.path(),
                        "its tensor " + info.name() + " has numbers of type " + info.numbers()
                                + ", not F32, F16 or BF16");
        };
        Tensor tensor = torch.zeros(shape, new TensorOptions(type));
        BytePointer memory = new BytePointer(tensor.data_ptr());
        for (long done = 0; done < info.bytes(); done += BLOCK) {
            memory.position(done).limit(Math.min(done + BLOCK, info.bytes()));
            file.bytes(info.name(), done, memory.asByteBuffer());
        }
        if (!tensor.isfinite().all().item_bool()) {
            throw unusable(file.path(), "its tensor " + info.name() + " has values that are no numbers");
        }
        return tensor;
    }

    /** The SHA-256 of the configuration and of all weight files. */
    String hash() {
        return BaseModelFiles.hash(folder);
    }

    /** Closes the files; tensors that were read remain valid. */
    @Override
    public void close() {
        files.forEach(SafetensorsFile::close);
        files.clear();
    }

    static MemoryException unusable(Path path, String why) {
        return TransformerConfig.unusable(path, why);
    }
}
