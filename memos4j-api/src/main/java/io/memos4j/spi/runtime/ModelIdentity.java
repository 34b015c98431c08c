package io.memos4j.spi.runtime;

import java.util.ArrayList;
import java.util.List;

/**
 * Identity of a model: everything that a KV cache depends on. Hashes are SHA-256 in lower-case hexadecimal.
 *
 * @param fileHash of the whole model file
 * @param architecture for example {@code llama}
 * @param quantization the quantization of the weights, for example {@code F16} or {@code Q4_K_M}
 * @param tokenizerHash of everything that turns text into tokens
 * @param templateHash of the chat template, empty if the model has none
 * @param shape the sizes
 */
public record ModelIdentity(
        String fileHash,
        String architecture,
        String quantization,
        String tokenizerHash,
        String templateHash,
        ModelShape shape) {

    /** One sentence for each part in which {@code other} differs; none if a cache of the one serves the other. */
    public List<String> differences(ModelIdentity other) {
        List<String> differences = new ArrayList<>();
        compare(differences, "architecture", architecture, other.architecture);
        compare(differences, "quantization", quantization, other.quantization);
        compare(differences, "tokenizer", tokenizerHash, other.tokenizerHash);
        compare(differences, "chat template", templateHash, other.templateHash);
        compare(differences, "shape", shape, other.shape);
        compare(differences, "model file", fileHash, other.fileHash);
        return differences;
    }

    private static void compare(List<String> differences, String what, Object mine, Object others) {
        if (!mine.equals(others)) {
            differences.add("The " + what + " is " + shown(mine) + ", not " + shown(others) + ".");
        }
    }

    private static String shown(Object value) {
        String text = value.toString();
        return text.isEmpty() ? "absent" : text.length() == 64 ? text.substring(0, 12) + "…" : text;
    }
}
