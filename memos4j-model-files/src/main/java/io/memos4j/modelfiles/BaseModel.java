package io.memos4j.modelfiles;

import io.memos4j.api.MemoryException;
import io.memos4j.api.adapters.LoraTarget;
import java.nio.file.Path;
import java.util.Set;

/**
 * The base model of an adapter: its family and the sizes of its matrices.
 *
 * @param architecture as GGUF names it: {@code llama}, {@code qwen2} or {@code qwen3}
 * @param layers number of layers
 * @param width numbers per token
 * @param heads query heads
 * @param cacheHeads key and value heads
 * @param headWidth numbers per head
 * @param feedForward inner width of the feed-forward part
 */
public record BaseModel(
        String architecture, int layers, int width, int heads, int cacheHeads, int headWidth, int feedForward) {
    static final Set<String> ARCHITECTURES = Set.of("llama", "qwen2", "qwen3");
    private static final int MOST_LAYERS = 1 << 10;
    private static final int WIDEST = 1 << 20;

    public BaseModel {
        if (!ARCHITECTURES.contains(architecture)) {
            throw MemoryException.invalid("Adapters of models of architecture " + architecture
                    + " cannot be read or written, only those of llama, qwen2 and qwen3.");
        }
        require("layers", layers, MOST_LAYERS);
        require("width", width, WIDEST);
        require("heads", heads, WIDEST);
        require("heads of keys", cacheHeads, heads);
        require("width of a head", headWidth, WIDEST / heads);
        require("width of the feed-forward part", feedForward, WIDEST);
        if (heads % cacheHeads != 0 || headWidth % 2 != 0) {
            throw MemoryException.invalid("A model of " + heads + " heads, " + cacheHeads + " of keys, " + headWidth
                    + " wide cannot be: queries share keys evenly, and the width is even.");
        }
    }

    private static void require(String what, int value, int most) {
        if (value < 1 || value > most) {
            throw MemoryException.invalid("A model's " + what + " must be from 1 to " + most + ", not " + value + ".");
        }
    }

    /** Reads the {@code config.json} of a Transformers folder. */
    public static BaseModel ofFolder(Path folder) {
        return HfConfig.readBase(folder);
    }

    /** Reads the metadata of a GGUF model. */
    public static BaseModel ofGguf(Path file) {
        try (GgufFile gguf = GgufFile.open(file)) {
            return of(gguf);
        }
    }

    static BaseModel of(GgufFile gguf) {
        try {
            GgufMetadata keys = gguf.keys();
            String architecture = keys.text("general.architecture");
            String prefix = architecture + ".";
            int width = keys.positive(prefix + "embedding_length");
            int heads = keys.positive(prefix + "attention.head_count");
            return new BaseModel(
                    architecture,
                    keys.positive(prefix + "block_count"),
                    width,
                    heads,
                    keys.positive(prefix + "attention.head_count_kv", heads),
                    keys.positive(prefix + "attention.key_length", Math.max(1, width / heads)),
                    keys.positive(prefix + "feed_forward_length"));
        } catch (BrokenFileException e) {
            throw TensorFile.unreadable(gguf.path(), e.reason());
        } catch (MemoryException e) {
            throw TensorFile.unreadable(gguf.path(), e);
        }
    }

    /** The rows of a matrix, which are its outputs. */
    public int rows(LoraTarget target) {
        return switch (target) {
            case QUERY -> heads * headWidth;
            case KEY, VALUE -> cacheHeads * headWidth;
            case OUTPUT, DOWN -> width;
            case GATE, UP -> feedForward;
        };
    }

    /** The columns of a matrix, which are its inputs. */
    public int columns(LoraTarget target) {
        return switch (target) {
            case QUERY, KEY, VALUE, GATE, UP -> width;
            case OUTPUT -> heads * headWidth;
            case DOWN -> feedForward;
        };
    }
}
