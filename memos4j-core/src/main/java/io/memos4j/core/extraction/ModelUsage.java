package io.memos4j.core.extraction;

import io.memos4j.spi.vault.ModelSpending;
import java.util.List;

/**
 * What one call of the model cost.
 *
 * @param inputTokens as counted by the provider, else estimated as a third of the characters
 * @param outputTokens as counted by the provider, else estimated as a third of the characters; 0 if the call failed
 * @param answered whether the model answered at all, be the answer of use or not
 */
public record ModelUsage(int inputTokens, int outputTokens, boolean answered) {
    /** What several calls cost together. */
    public static ModelSpending sum(List<ModelUsage> calls) {
        return new ModelSpending(
                calls.size(),
                calls.stream()
                        .mapToLong(each -> (long) each.inputTokens + each.outputTokens)
                        .sum());
    }
}
