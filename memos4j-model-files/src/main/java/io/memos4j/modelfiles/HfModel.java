package io.memos4j.modelfiles;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.adapters.LoraTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Converts models of the Llama and Qwen2/3 families between Transformers folders ({@code config.json},
 * {@code model.safetensors}) and GGUF files, as {@code convert_hf_to_gguf.py} does: names differ, and for the llama
 * architecture the order of rows in the query and key matrices. Vocabularies are not converted; a GGUF file gets the
 * given one.
 *
 * <p>For models that this project creates, with one safetensors file and without scaled rotary embedding. Holds one
 * matrix at a time in memory.
 */
public final class HfModel {
    private static final String TENSORS = "model.safetensors";
    private static final Pattern TRANSFORMERS = Pattern.compile("model\\.layers\\.(\\d+)\\.([a-z_.]+)\\.(weight|bias)");
    private static final Pattern GGUF = Pattern.compile("blk\\.(\\d+)\\.([a-z_]+)\\.(weight|bias)");
    private static final Map<String, String> ENDS = Map.of(
            "model.embed_tokens.weight", "token_embd.weight",
            "model.norm.weight", "output_norm.weight",
            "lm_head.weight", "output.weight");
    private static final Map<String, String> NORMS = Map.of(
            "input_layernorm", "attn_norm",
            "post_attention_layernorm", "ffn_norm",
            "self_attn.q_norm", "attn_q_norm",
            "self_attn.k_norm", "attn_k_norm");

    private HfModel() {}

    /** Writes a GGUF file from a Transformers folder. */
    public static void toGguf(Path folder, Path gguf, ByteVocabulary vocabulary, TensorType numbers)
            throws IOException {
        HfConfig config = HfConfig.read(folder);
        if (config.words() != vocabulary.size()) {
            throw MemoryException.invalid("The model " + folder + " has " + config.words() + " tokens, the vocabulary "
                    + vocabulary.size() + ". Give it the vocabulary that it was trained with.");
        }
        try (SafetensorsFile tensors = SafetensorsFile.open(
                ArtifactFolder.of(folder, ErrorCode.MODEL_UNREADABLE).file(TENSORS))) {
            GgufWriter writer = new GgufWriter();
            describe(writer, config, numbers);
            vocabulary.put(writer);
            for (TensorInfo tensor : tensors.tensors()) {
                if (config.tied() && tensor.name().equals("lm_head.weight")) {
                    continue;
                }
                String name = toGgufName(tensor.name()).orElseThrow(() -> unknown(tensors.path(), tensor.name()));
                requireFits(tensors.path(), tensor, name, config.base());
                WeightSource weights = WeightSource.lazily(
                        () -> reorderRows(tensors.floats(tensor.name()), name, config.base(), RotaryRowOrder::toGguf));
                long[] shape = tensor.shape().reversed().stream()
                        .mapToLong(Long::longValue)
                        .toArray();
                writer.tensor(name, shape.length == 1 ? TensorType.F32 : numbers, weights, shape);
            }
            writer.write(gguf);
        }
    }

    /** Writes a Transformers folder from a GGUF file, without its vocabulary. */
    public static void toTransformers(Path gguf, Path folder, TensorType numbers) throws IOException {
        Files.createDirectories(folder);
        try (GgufFile file = GgufFile.open(gguf)) {
            HfConfig config = config(file);
            SafetensorsWriter writer = new SafetensorsWriter().metadata("format", "pt");
            for (TensorInfo tensor : file.tensors()) {
                String name = toTransformersName(tensor.name()).orElseThrow(() -> unknown(gguf, tensor.name()));
                requireFits(gguf, tensor, tensor.name(), config.base());
                WeightSource weights = WeightSource.lazily(() -> reorderRows(
                        file.floats(tensor.name()), tensor.name(), config.base(), RotaryRowOrder::toTransformers));
                writer.tensor(
                        name,
                        numbers,
                        weights,
                        tensor.shape().stream().mapToLong(Long::longValue).toArray());
            }
            writer.write(folder.resolve(TENSORS));
            Files.write(folder.resolve(HfConfig.NAME), config.json());
        }
    }

    private static void describe(GgufWriter writer, HfConfig config, TensorType numbers) {
        BaseModel base = config.base();
        String prefix = base.architecture() + ".";
        writer.put("general.architecture", base.architecture())
                .put("general.type", "model")
                .put("general.file_type", LoraGguf.fileType(numbers))
                .put(prefix + "context_length", config.contextLength())
                .put(prefix + "embedding_length", base.width())
                .put(prefix + "block_count", base.layers())
                .put(prefix + "feed_forward_length", base.feedForward())
                .put(prefix + "attention.head_count", base.heads())
                .put(prefix + "attention.head_count_kv", base.cacheHeads())
                .put(prefix + "attention.key_length", base.headWidth())
                .put(prefix + "attention.value_length", base.headWidth())
                .put(prefix + "attention.layer_norm_rms_epsilon", config.epsilon())
                .put(prefix + "rope.dimension_count", base.headWidth())
                .put(prefix + "rope.freq_base", config.theta());
    }

    private static HfConfig config(GgufFile file) {
        BaseModel base = BaseModel.of(file);
        GgufMetadata keys = file.keys();
        String prefix = base.architecture() + ".";
        try {
            return new HfConfig(
                    base,
                    keys.positive("tokenizer.ggml.tokens"),
                    keys.positive(prefix + "context_length"),
                    keys.fraction(prefix + "attention.layer_norm_rms_epsilon", 1e-6f),
                    keys.fraction(prefix + "rope.freq_base", 10_000),
                    file.tensor("output.weight").isEmpty());
        } catch (BrokenFileException e) {
            throw TensorFile.unreadable(file.path(), e.reason());
        }
    }

    /** Reorders the rows of a tensor for the other format; {@code name} is its name in GGUF. */
    private static float[] reorderRows(float[] values, String name, BaseModel base, Reordering order) {
        return target(name)
                .filter(target -> RotaryRowOrder.differs(base, target))
                .map(target -> order.move(values, values.length / base.rows(target), base.headWidth()))
                .orElse(values);
    }

    /** Refuses a matrix or bias whose size contradicts the configuration; {@code name} is its name in GGUF. */
    private static void requireFits(Path file, TensorInfo tensor, String name, BaseModel base) {
        int sides = tensor.shape().size();
        boolean fits = sides == 1 || sides == 2;
        Optional<LoraTarget> target = target(name);
        if (fits && target.isPresent()) {
            fits = tensor.shape().getFirst() == base.rows(target.get())
                    && (sides == 1 || tensor.shape().getLast() == base.columns(target.get()));
        }
        if (!fits) {
            throw TensorFile.unreadable(
                    file, "its tensor " + name + " has shape " + tensor.shape() + ", which its configuration denies");
        }
    }

    private static Optional<LoraTarget> target(String name) {
        Matcher matcher = GGUF.matcher(name);
        return matcher.matches() ? LoraNames.GGUF.target(matcher.group(2)) : Optional.empty();
    }

    /** One direction of {@link RotaryRowOrder}. */
    private interface Reordering {
        float[] move(float[] rows, int columns, int headWidth);
    }

    private static Optional<String> toGgufName(String name) {
        Matcher matcher = TRANSFORMERS.matcher(name);
        if (!matcher.matches()) {
            return Optional.ofNullable(ENDS.get(name));
        }
        return pairs().filter(pair -> pair.getKey().equals(matcher.group(2)))
                .map(pair -> "blk." + matcher.group(1) + "." + pair.getValue() + "." + matcher.group(3))
                .findFirst();
    }

    private static Optional<String> toTransformersName(String name) {
        Matcher matcher = GGUF.matcher(name);
        if (!matcher.matches()) {
            return ENDS.entrySet().stream()
                    .filter(pair -> pair.getValue().equals(name))
                    .map(Map.Entry::getKey)
                    .findFirst();
        }
        return pairs().filter(pair -> pair.getValue().equals(matcher.group(2)))
                .map(pair -> "model.layers." + matcher.group(1) + "." + pair.getKey() + "." + matcher.group(3))
                .findFirst();
    }

    /** The tensors of a layer by their names in Transformers and GGUF. */
    private static Stream<Map.Entry<String, String>> pairs() {
        return Stream.concat(
                NORMS.entrySet().stream(),
                Arrays.stream(LoraTarget.values())
                        .map(target -> Map.entry(target.path(), LoraNames.GGUF.name(target))));
    }

    private static MemoryException unknown(Path file, String tensor) {
        return TensorFile.unreadable(file, "its tensor " + LoraValidator.excerpt(tensor) + " is none of its family");
    }
}
