package io.memos4j.modelfiles;

import io.memos4j.internal.Sha256Hash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The files of a base model in the format of Hugging Face: {@code config.json} and its weights, in
 * {@code model.safetensors} or in the files that {@code model.safetensors.index.json} names.
 */
public final class BaseModelFiles {
    private static final String WEIGHTS = "model.safetensors";
    private static final String INDEX = WEIGHTS + ".index.json";
    private static final Pattern SHARD = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,200}\\.safetensors");
    private static final int MOST_INDEX_BYTES = 1 << 26;

    private BaseModelFiles() {}

    /** Lists the weight files in the order of their names. */
    public static List<Path> weights(Path folder) {
        if (Files.isRegularFile(folder.resolve(WEIGHTS))) {
            return List.of(folder.resolve(WEIGHTS));
        }
        Path index = folder.resolve(INDEX);
        try {
            if (!Files.isRegularFile(index) || Files.size(index) > MOST_INDEX_BYTES) {
                throw TensorFile.unreadable(
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
                    throw TensorFile.unreadable(
                            index, "it names a file '" + name + "' that is not a safetensors file beside it");
                }
            }
            return names.stream().map(folder::resolve).toList();
        } catch (JacksonException e) {
            throw TensorFile.unreadable(index, "it is not valid JSON (" + e.getOriginalMessage() + ")");
        } catch (IOException e) {
            throw TensorFile.failed(index, e);
        }
    }

    /**
     * Computes the SHA-256 of the configuration and of all weight files, see
     * {@link io.memos4j.api.adapters.TrainingRecord#baseHash}.
     */
    public static String hash(Path folder) {
        List<Path> files = new ArrayList<>(List.of(folder.resolve(HfConfig.NAME)));
        files.addAll(weights(folder));
        MessageDigest digest = Sha256Hash.digest();
        for (Path file : files) {
            try {
                Sha256Hash.add(file, digest);
            } catch (IOException e) {
                throw TensorFile.failed(file, e);
            }
        }
        return Sha256Hash.hex(digest);
    }
}
