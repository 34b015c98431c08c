package io.memos4j.api.adapters;

import io.memos4j.api.ItemId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One version of a low-rank adapter (LoRA) that carries memories of a cube in the parameters of a model.
 *
 * @param id its name and version
 * @param state where it stands
 * @param why how it came to stand there, in a sentence
 * @param base the model that it belongs to
 * @param lora its size
 * @param taught what it was taught, in order; an item that was erased since is named by its bare id
 * @param training how it was made
 * @param evaluation its last evaluation; empty if there was none
 * @param artifact its bytes; gone when it was suspended, and when something that it was taught was erased
 * @param createdAt when it was made
 * @param changedAt when its state last changed
 */
public record Adapter(
        AdapterId id,
        AdapterState state,
        String why,
        Base base,
        LoraShape lora,
        List<Source> taught,
        TrainingRecord training,
        Optional<AdapterEvaluation> evaluation,
        Optional<Artifact> artifact,
        Instant createdAt,
        Instant changedAt) {
    public Adapter {
        taught = List.copyOf(taught);
    }

    /**
     * The model that an adapter belongs to. Hashes are SHA-256 in lower-case hexadecimal.
     *
     * @param architecture for example {@code llama}
     * @param trainedHash of the files that it was trained on, see {@link TrainingRecord#baseHash}
     * @param servedHash of the model file that answers with it
     */
    public record Base(String architecture, String trainedHash, String servedHash) {}

    /** The version of a memory that an adapter was taught. */
    public record Source(ItemId item, int version) {}

    /**
     * Files of an adapter: as GGUF and in the layout of PEFT.
     *
     * @param hash SHA-256 of the GGUF file in lower-case hexadecimal; names the folder
     * @param bytes of all its files
     */
    public record Artifact(String hash, long bytes) {}

    /** Returns a copy in another state. */
    public Adapter in(AdapterState newState, String newWhy, Instant at) {
        return new Adapter(id, newState, newWhy, base, lora, taught, training, evaluation, artifact, createdAt, at);
    }

    /** Returns a copy with an evaluation. */
    public Adapter evaluated(AdapterEvaluation newEvaluation) {
        return new Adapter(
                id,
                state,
                why,
                base,
                lora,
                taught,
                training,
                Optional.of(newEvaluation),
                artifact,
                createdAt,
                changedAt);
    }
}
