package io.memos4j.trainer.pytorch;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.modelfiles.Safetensors;
import io.memos4j.modelfiles.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The folder of a base model: {@code config.json} and its weights, in {@code model.safetensors} or in the files that
 * {@code model.safetensors.index.json} names. Weights are read straight into the memory of their tensors, one at a time.
 */
final class ModelFolder implements NamedTensors, AutoCloseable {
    static final String WEIGHTS = "model.safetensors";
    private static final String INDEX = WEIGHTS + ".index.json";
    private static final Pattern SHARD = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,200}\\.safetensors");
    private static final int MOST_INDEX_BYTES = 1 << 26;
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
            for (Path path : weightFiles(folder)) {
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

    /** The weight files in the order of their names. */
    private static List<Path> weightFiles(Path folder) {
        if (Files.isRegularFile(folder.resolve(WEIGHTS))) {
            return List.of(folder.resolve(WEIGHTS));
        }
        Path index = folder.resolve(INDEX);
        try {
            if (!Files.isRegularFile(index) || Files.size(index) > MOST_INDEX_BYTES) {
                throw unusable(
                        folder,
                        "it has no weights. It needs " + WEIGHTS + ", or " + INDEX + " of at most " + MOST_INDEX_BYTES
                                + " bytes; pickle files (.bin, .pt) are never read");
            }
            TreeSet<String> names = new TreeSet<>();
            for (JsonNode name : new JsonMapper()
                    .readTree(Files.readAllBytes(index))
                    .path("weight_map")
                    .values()) {
                names.add(name.asString(""));
            }
            for (String name : names) {
                if (!SHARD.matcher(name).matches()) {
                    throw unusable(index, "it names a file '" + name + "' that is no safetensors file beside it");
                }
            }
            return names.stream().map(folder::resolve).toList();
        } catch (JacksonException e) {
            throw unusable(index, "it is no valid JSON (" + e.getOriginalMessage() + ")");
        } catch (IOException e) {
            throw new MemoryException(ErrorCode.MODEL_UNREADABLE, "Cannot read " + index + ": " + e, e);
        }
    }

    /** The SHA-256 of the configuration and of all weight files. */
    String hash() {
        try {
            MessageDigest hash = MessageDigest.getInstance("SHA-256");
            hash.update(Files.readAllBytes(folder.resolve(ModelConfig.FILE)));
            ByteBuffer block = ByteBuffer.allocate(1 << 16);
            for (Safetensors file : files) {
                try (FileChannel channel = FileChannel.open(file.path())) {
                    while (channel.read(block.clear()) >= 0) {
                        hash.update(block.flip());
                    }
                }
            }
            return HexFormat.of().formatHex(hash.digest());
        } catch (IOException e) {
            throw new MemoryException(ErrorCode.MODEL_UNREADABLE, "Cannot read " + folder + ": " + e, e);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("Every JDK has SHA-256.", e);
        }
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
