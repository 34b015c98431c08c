package io.memos4j.core.adapters;

import io.memos4j.api.MemoryException;
import io.memos4j.spi.runtime.ActivationHandle;
import io.memos4j.spi.runtime.ActivationRuntime;
import io.memos4j.spi.runtime.AdapterMix;
import io.memos4j.spi.runtime.GenerationOptions;
import io.memos4j.spi.training.ModelProbe;
import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * Probes the model runtime that answers chats, with or without adapters, so that the evaluated model is the one in use.
 * Thread-safe.
 */
final class RuntimeProbe implements ModelProbe {
    private final ActivationRuntime runtime;
    private final AdapterMix mix;

    RuntimeProbe(ActivationRuntime runtime, AdapterMix mix) {
        this.runtime = runtime;
        this.mix = mix;
    }

    @Override
    public float[][] logits(int[] tokens, int from) {
        if (from < 0 || from >= tokens.length) {
            throw MemoryException.invalid("from must be between 0 and " + (tokens.length - 1) + " (was " + from + ").");
        }
        float[][] rows = new float[tokens.length - from][];
        try (ActivationHandle handle = runtime.prefill(Arrays.copyOf(tokens, from + 1), mix)) {
            rows[0] = handle.logits();
            for (int i = from + 1; i < tokens.length; i++) {
                handle.extend(new int[] {tokens[i]});
                rows[i - from] = handle.logits();
            }
        }
        return rows;
    }

    /** Stops where the model ends its turn, or earlier at {@code end}. */
    @Override
    public int[] generate(int[] prompt, int most, IntPredicate end) {
        try (ActivationHandle handle = runtime.prefill(prompt, mix)) {
            int[] said = handle.generate(GenerationOptions.greedy(most)).tokens();
            int length = 0;
            while (length < said.length && !end.test(said[length])) {
                length++;
            }
            return Arrays.copyOf(said, length);
        }
    }

    /** Does nothing: the runtime belongs to the caller. */
    @Override
    public void close() {}
}
