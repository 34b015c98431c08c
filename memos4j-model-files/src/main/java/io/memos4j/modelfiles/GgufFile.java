package io.memos4j.modelfiles;

import io.memos4j.internal.Sha256Hash;
import io.memos4j.spi.runtime.ModelIdentity;
import io.memos4j.spi.runtime.ModelShape;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * A GGUF file, open for reading: a model or an adapter.
 *
 * <p>The format is specified in {@code docs/gguf.md} of the ggml project; versions 2 and 3 are read.
 */
public final class GgufFile extends TensorFile {
    private static final Map<Long, String> QUANTIZATIONS = Map.ofEntries(
            Map.entry(0L, "F32"),
            Map.entry(1L, "F16"),
            Map.entry(2L, "Q4_0"),
            Map.entry(3L, "Q4_1"),
            Map.entry(7L, "Q8_0"),
            Map.entry(8L, "Q5_0"),
            Map.entry(9L, "Q5_1"),
            Map.entry(10L, "Q2_K"),
            Map.entry(11L, "Q3_K_S"),
            Map.entry(12L, "Q3_K_M"),
            Map.entry(13L, "Q3_K_L"),
            Map.entry(14L, "Q4_K_S"),
            Map.entry(15L, "Q4_K_M"),
            Map.entry(16L, "Q5_K_S"),
            Map.entry(17L, "Q5_K_M"),
            Map.entry(18L, "Q6_K"),
            Map.entry(32L, "BF16"));

    private final GgufHeader head;

    private GgufFile(Path path, FileChannel channel, GgufHeader head) {
        super(path, channel, head.entries());
        this.head = head;
    }

    /** Opens a file and checks its header; {@link io.memos4j.api.ErrorCode#MODEL_UNREADABLE} describes a defect. */
    @SuppressWarnings("resource") // the file keeps the channel, and a refused one closes it
    public static GgufFile open(Path path) {
        return open(path, channel -> {
            GgufHeader head = new GgufHeader(channel);
            head.read();
            return new GgufFile(path, channel, head);
        });
    }

    /**
     * Reads the identity of a model, on which its caches depend. Reads the whole file for its hash, and refuses files
     * for which llama.cpp would abort the process.
     */
    public static ModelIdentity identity(Path path) {
        try (GgufFile file = open(path)) {
            return file.identity();
        } catch (BrokenFileException e) {
            throw unreadable(path, e.reason());
        } catch (IOException e) {
            throw failed(path, e);
        }
    }

    /** The types of its tensors as {@code ggml.h} numbers them: {@link TensorType} does not distinguish block types. */
    public Set<Integer> types() {
        return head.types();
    }

    GgufMetadata keys() {
        return head.keys();
    }

    private ModelIdentity identity() throws IOException, BrokenFileException {
        GgufMetadata keys = keys();
        String architecture = keys.text("general.architecture");
        if (keys.number("split.count", 1) > 1) {
            throw new BrokenFileException("it is one of several parts; merge them with llama-gguf-split first");
        }
        head.requireBytes();
        return new ModelIdentity(
                Sha256Hash.of(path()),
                architecture,
                quantization(keys.number("general.file_type", -1)),
                head.tokenizerHash(),
                keys.hash("tokenizer.chat_template"),
                shape(architecture, keys));
    }

    private static String quantization(long type) {
        return QUANTIZATIONS.getOrDefault(type, "type " + type);
    }

    private static ModelShape shape(String architecture, GgufMetadata keys) throws BrokenFileException {
        String prefix = architecture + ".";
        int width = keys.positive(prefix + "embedding_length");
        int heads = keys.positive(prefix + "attention.head_count");
        int cacheHeads = keys.positive(prefix + "attention.head_count_kv", heads);
        int keyWidth = keys.positive(prefix + "attention.key_length", Math.max(1, width / heads));
        int valueWidth = keys.positive(prefix + "attention.value_length", Math.max(1, width / heads));
        if (keys.number(prefix + "rope.dimension_count", 0) % 2 != 0) {
            throw new BrokenFileException("its rotated dimensions are not even");
        }
        return new ModelShape(
                keys.positive(prefix + "context_length"),
                keys.positive("tokenizer.ggml.tokens"),
                keys.positive(prefix + "block_count"),
                cacheHeads,
                keyWidth,
                valueWidth);
    }
}
