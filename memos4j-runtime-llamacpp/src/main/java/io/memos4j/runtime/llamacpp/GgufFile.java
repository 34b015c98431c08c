package io.memos4j.runtime.llamacpp;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.spi.ModelIdentity;
import io.memos4j.spi.ModelShape;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A GGUF model file, read in Java before llama.cpp sees it: complete, of a kind that can be run, and what it is.
 *
 * @param identity what caches of the model depend on
 */
record GgufFile(ModelIdentity identity) {
    private static final Map<Long, String> QUANTISATIONS = Map.ofEntries(
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

    /** Reads and checks a file. */
    static GgufFile read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw unreadable(file, "there is no such file");
        }
        try (FileChannel channel = FileChannel.open(file);
                Arena arena = Arena.ofConfined()) {
            GgufReader reader = new GgufReader(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
            reader.read();
            GgufKeys keys = reader.keys();
            String architecture = keys.text("general.architecture");
            if (keys.number("split.count", 1) > 1) {
                throw new GgufReader.Broken("it is one of several parts; merge them with llama-gguf-split first");
            }
            reader.requireBytes();
            return new GgufFile(new ModelIdentity(
                    Sha256.of(file),
                    architecture,
                    quantisation(keys.number("general.file_type", -1)),
                    reader.tokenizerHash(),
                    keys.hash("tokenizer.chat_template"),
                    shape(architecture, keys)));
        } catch (GgufReader.Broken e) {
            throw unreadable(file, e.reason());
        } catch (IndexOutOfBoundsException e) {
            throw unreadable(file, "it is cut short");
        } catch (ClosedByInterruptException e) {
            throw new MemoryException(ErrorCode.INTERRUPTED, "Interrupted while the model was read.", e);
        } catch (IOException e) {
            throw new MemoryException(ErrorCode.MODEL_UNREADABLE, "Cannot read the model " + file + ": " + e, e);
        }
    }

    private static String quantisation(long type) {
        return QUANTISATIONS.getOrDefault(type, "type " + type);
    }

    private static ModelShape shape(String architecture, GgufKeys keys) throws GgufReader.Broken {
        String prefix = architecture + ".";
        int width = keys.positive(prefix + "embedding_length");
        int heads = keys.positive(prefix + "attention.head_count");
        int cacheHeads = keys.positive(prefix + "attention.head_count_kv", heads);
        int keyWidth = keys.positive(prefix + "attention.key_length", Math.max(1, width / heads));
        int valueWidth = keys.positive(prefix + "attention.value_length", Math.max(1, width / heads));
        if (keys.number(prefix + "rope.dimension_count", 0) % 2 != 0) {
            throw new GgufReader.Broken("its rotated dimensions are not even");
        }
        return new ModelShape(
                keys.positive(prefix + "context_length"),
                keys.positive("tokenizer.ggml.tokens"),
                keys.positive(prefix + "block_count"),
                cacheHeads,
                keyWidth,
                valueWidth);
    }

    private static MemoryException unreadable(Path file, String why) {
        return new MemoryException(ErrorCode.MODEL_UNREADABLE, "Cannot use the model " + file + ": " + why + ".");
    }
}
