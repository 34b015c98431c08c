package io.memos4j.modelfiles;

import io.memos4j.api.adapters.LoraTarget;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names of matrices and their factors in both formats; any other name does not belong to an adapter. */
enum LoraNames {
    PEFT("base_model\\.model\\.model\\.layers\\.(0|[1-9]\\d{0,3})\\.([a-z_]+\\.[a-z_]+)\\.lora_([AB])\\.weight") {
        @Override
        String a(LoraMatrix matrix) {
            return "base_model.model.model.layers." + matrix.layer() + "." + name(matrix.target()) + ".lora_A.weight";
        }

        @Override
        String b(LoraMatrix matrix) {
            return a(matrix).replace("lora_A", "lora_B");
        }

        @Override
        String name(LoraTarget target) {
            return target.path();
        }
    },
    GGUF("blk\\.(0|[1-9]\\d{0,3})\\.([a-z_]+)\\.weight\\.lora_([ab])") {
        @Override
        String a(LoraMatrix matrix) {
            return "blk." + matrix.layer() + "." + name(matrix.target()) + ".weight.lora_a";
        }

        @Override
        String b(LoraMatrix matrix) {
            return a(matrix).replace("lora_a", "lora_b");
        }

        @Override
        String name(LoraTarget target) {
            return switch (target) {
                case QUERY -> "attn_q";
                case KEY -> "attn_k";
                case VALUE -> "attn_v";
                case OUTPUT -> "attn_output";
                case GATE -> "ffn_gate";
                case UP -> "ffn_up";
                case DOWN -> "ffn_down";
            };
        }
    };

    private final Pattern pattern;

    LoraNames(String pattern) {
        this.pattern = Pattern.compile(pattern);
    }

    abstract String a(LoraMatrix matrix);

    abstract String b(LoraMatrix matrix);

    /** The name of a matrix within its layer, for example {@code self_attn.q_proj} or {@code attn_q}. */
    abstract String name(LoraTarget target);

    /** Finds the matrix with this name within its layer. */
    Optional<LoraTarget> target(String name) {
        return Arrays.stream(LoraTarget.values())
                .filter(target -> name(target).equals(name))
                .findFirst();
    }

    /** Finds the matrix that a tensor belongs to. */
    Optional<LoraMatrix> matrix(String tensor) {
        Matcher matcher = pattern.matcher(tensor);
        return matcher.matches()
                ? target(matcher.group(2)).map(target -> new LoraMatrix(Integer.parseInt(matcher.group(1)), target))
                : Optional.empty();
    }
}
