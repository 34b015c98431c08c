package io.memos4j.spi.runtime;

import io.memos4j.api.MemoryException;

/**
 * Options of a generation.
 *
 * @param maxTokens the most tokens to generate, at least 1
 * @param sampling how each token is chosen
 * @param keep whether the generated tokens become part of the handle; otherwise it is afterwards what it was before
 */
public record GenerationOptions(int maxTokens, Sampling sampling, boolean keep) {
    public GenerationOptions {
        if (maxTokens < 1) {
            throw MemoryException.invalid("maxTokens must be at least 1 (was " + maxTokens + ").");
        }
    }

    /** Always the most probable token; the handle stays as it is. */
    public static GenerationOptions greedy(int maxTokens) {
        return new GenerationOptions(maxTokens, Sampling.GREEDY, false);
    }

    public GenerationOptions sampling(Sampling newSampling) {
        return new GenerationOptions(maxTokens, newSampling, keep);
    }

    public GenerationOptions keep(boolean newKeep) {
        return new GenerationOptions(maxTokens, sampling, newKeep);
    }

    /**
     * Choice of the next token.
     *
     * @param temperature 0 to {@value #MAX_TEMPERATURE}; 0 takes the most probable token and ignores the rest
     * @param topK only among so many most probable ones; 0 for all
     * @param topP only among the most probable ones that have this share together, above 0, up to 1
     * @param seed the same seed and prefix give the same tokens on the same machine
     */
    public record Sampling(float temperature, int topK, float topP, int seed) {
        public static final float MAX_TEMPERATURE = 5;
        public static final Sampling GREEDY = new Sampling(0, 0, 1, 0);

        public Sampling {
            if (!(temperature >= 0 && temperature <= MAX_TEMPERATURE)) {
                throw MemoryException.invalid(
                        "temperature must be 0 to " + MAX_TEMPERATURE + " (was " + temperature + ").");
            }
            if (topK < 0) {
                throw MemoryException.invalid("topK must not be negative (was " + topK + ").");
            }
            if (!(topP > 0 && topP <= 1)) {
                throw MemoryException.invalid("topP must be above 0 and at most 1 (was " + topP + ").");
            }
        }

        /** Temperature 0.8 among the 40 most probable and 95 per cent, as llama.cpp does by default. */
        public static Sampling seeded(int seed) {
            return new Sampling(0.8f, 40, 0.95f, seed);
        }
    }
}
