package io.memos4j.trainer.pytorch;

import io.memos4j.api.MemoryException;
import io.memos4j.modelfiles.BaseFiles;
import io.memos4j.modelfiles.Safetensors;
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
 * {@code model.safetensors.index.json} names. Weights are read straight into the memory of their tensors, one at a time.
 */
final class ModelFolder implements NamedTensors, AutoCloseable {
    static final String WEIGHTS = "model.safetensors";
    private static final int BLOCK = 1 << 24;

    private final Path folder;
    private final ModelConfig config;
    private final Placement placement;
    private final KeptTensors kept;
    private final List<Safetensors> files = new ArrayList<>();
    private final Map<String, Safetensors> places = new HashMap<>();

    ModelFolder(Path folder, Placement placement, KeptTensors kept) {
        this.folder = folder;
        this.config = ModelConfig.read(folder);
        this.placement = placement;
        this.kept = kept;
        try {
            for (Path path : BaseFiles.weights(folder)) {
                Safetensors file = Safetensors.open(path);
                files.add(file);
                file.tensors().forEach(tensor -> places.put(tensor.name(), file));
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    ModelConfig config() {
        return config;
    }

    @Override
    public boolean has(String name) {
        return places.containsKey(name);
    }

    @Override
    public Tensor get(String name, long... shape) {
        Safetensors file = places.get(name);
        if (file == null) {
            throw unusable(folder, "its weights lack the tensor " + name);
        }
        TensorInfo info = file.tensor(name).orElseThrow();
        List<Long> expected = Arrays.stream(shape).boxed().toList();
        if (!info.shape().equals(expected)) {
            throw unusable(
                    file.path(),
                    "its tensor " + name + " has the shape " + info.shape() + ", not " + expected + " as "
                            + ModelConfig.FILE + " says");
        }
        try (PointerScope scope = new PointerScope()) {
            return kept.keep(placement.take(read(file, info, shape)));
        }
    }

    private static Tensor read(Safetensors file, TensorInfo info, long... shape) {
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
        return BaseFiles.hash(folder);
    }

    /** Closes the files; tensors that were read stay. */
    @Override
    public void close() {
        files.forEach(Safetensors::close);
        files.clear();
    }

    static MemoryException unusable(Path path, String why) {
        return ModelConfig.unusable(path, why);
    }
}
