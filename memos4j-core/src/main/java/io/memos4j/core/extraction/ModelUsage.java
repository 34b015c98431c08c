package io.memos4j.core.extraction;

import io.memos4j.spi.vault.ModelSpending;
import java.util.List;

/**
 * The tokens that one call of a model used.
 *
 * @param inputTokens as counted by the provider, else estimated as a third of the characters
 * @param outputTokens as counted by the provider, else estimated as a third of the characters; 0 if the call failed
 */
public record ModelUsage(int inputTokens, int outputTokens) {
    /** Sums up several calls. */
    public static ModelSpending sum(List<ModelUsage> calls) {
        return new ModelSpending(
                calls.size(),
                calls.stream()
                        .mapToLong(each -> (long) each.inputTokens + each.outputTokens)
                        .sum());
    }
}
