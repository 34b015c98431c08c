package io.memos4j.modelfiles;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How the two formats name the factors of a matrix; any other name is none of an adapter's. */
enum LoraNames {
    PEFT("base_model\\.model\\.model\\.layers\\.(0|[1-9]\\d{0,3})\\.([a-z_]+\\.[a-z_]+)\\.lora_([AB])\\.weight") {
        @Override
        String a(LoraMatrix matrix) {
            return "base_model.model.model.layers." + matrix.layer() + "."
                    + matrix.projection().module() + ".lora_A.weight";
        }

        @Override
        String b(LoraMatrix matrix) {
            return a(matrix).replace("lora_A", "lora_B");
        }

        @Override
        String name(Projection projection) {
            return projection.module();
        }
    },
    GGUF("blk\\.(0|[1-9]\\d{0,3})\\.([a-z_]+)\\.weight\\.lora_([ab])") {
        @Override
        String a(LoraMatrix matrix) {
            return "blk." + matrix.layer() + "." + matrix.projection().gguf() + ".weight.lora_a";
        }

        @Override
        String b(LoraMatrix matrix) {
            return a(matrix).replace("lora_a", "lora_b");
        }

        @Override
        String name(Projection projection) {
            return projection.gguf();
        }
    };

    private final Pattern pattern;

    LoraNames(String pattern) {
        this.pattern = Pattern.compile(pattern);
    }

    abstract String a(LoraMatrix matrix);

    abstract String b(LoraMatrix matrix);

    abstract String name(Projection projection);

    /** The matrix that a tensor belongs to. */
    Optional<LoraMatrix> matrix(String tensor) {
        Matcher matcher = pattern.matcher(tensor);
        if (matcher.matches()) {
            for (Projection projection : Projection.values()) {
                if (name(projection).equals(matcher.group(2))) {
                    return Optional.of(new LoraMatrix(Integer.parseInt(matcher.group(1)), projection));
                }
            }
        }
        return Optional.empty();
    }
}
