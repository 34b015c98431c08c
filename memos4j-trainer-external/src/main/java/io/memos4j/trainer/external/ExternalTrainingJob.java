package io.memos4j.trainer.external;

import io.memos4j.api.MemoryException;
import io.memos4j.api.adapters.LoraTarget;
import io.memos4j.modelfiles.AtomicFolder;
import io.memos4j.modelfiles.BaseModel;
import io.memos4j.modelfiles.BaseModelFiles;
import io.memos4j.modelfiles.LoraAdapter;
import io.memos4j.modelfiles.LoraMatrix;
import io.memos4j.spi.training.TrainingExample;
import io.memos4j.spi.training.TrainingRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;

/**
 * A validated training request for a trainer outside of this process.
 *
 * @param baseHash as in {@link io.memos4j.api.adapters.TrainingRecord#baseHash}
 * @param dataHash as in {@link io.memos4j.api.adapters.TrainingRecord#dataHash}
 */
record ExternalTrainingJob(TrainingRequest request, BaseModel base, String baseHash, String dataHash) {
    /** More than the header of a safetensors file with all names takes. */
    private static final long HEAD = 1 << 22;

    /** Validates everything that can be checked before the training. */
    static ExternalTrainingJob of(TrainingRequest request) {
        AtomicFolder.requireAbsent(request.output());
        List<TrainingExample> examples = request.examples();
        for (int i = 0; i < examples.size(); i++) {
            if (examples.get(i).text().isEmpty()) {
                throw MemoryException.invalid("Example " + (i + 1) + " of " + examples.size()
                        + " has no text, which a trainer with its own tokenizer needs. Add it with"
                        + " TrainingExample.text(prompt, answer), or use the built-in trainer.");
            }
        }
        BaseModel base = BaseModel.ofFolder(request.base());
        LoraMatrix.of(base, request.lora());
        request.start().ifPresent(start -> requireStart(start, base, request));
        return new ExternalTrainingJob(
                request, base, BaseModelFiles.hash(request.base()), TrainingExample.hashOf(examples));
    }

    private static void requireStart(Path start, BaseModel base, TrainingRequest request) {
        try (LoraAdapter adapter = LoraAdapter.readPeft(start, base)) {
            if (!adapter.has(request.lora())) {
                throw MemoryException.invalid("The adapter to continue from, " + start
                        + ", is on other matrices or of another size than the request: " + request.lora()
                        + ". Ask for the size of the adapter.");
            }
        }
    }

    /** The targets by their names in PEFT, in a fixed order. */
    List<String> targets() {
        return request.lora().targets().stream()
                .sorted()
                .map(LoraTarget::module)
                .toList();
    }

    /** The size limit of the tensor file: all numbers of this shape in 32 bits, and a header. */
    long maxTensorBytes() {
        SortedSet<LoraMatrix> matrices = LoraMatrix.of(base, request.lora());
        long numbers = matrices.stream()
                .mapToLong(each -> (long) base.rows(each.target()) + base.columns(each.target()))
                .sum();
        return HEAD + numbers * request.lora().rank() * Float.BYTES;
    }
}
