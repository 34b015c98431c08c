package io.memos4j.core.extraction;

import java.util.List;

/**
 * The result of reading one window.
 *
 * @param proposals the changes: additions, updates, then retirements; each is checked against its sources
 * @param refusals the rejected proposals
 * @param calls calls of the model, 1 or 2
 * @param inputTokens of all calls, estimated where the provider does not say
 * @param outputTokens of all calls, estimated where the provider does not say
 */
public record WindowExtraction(
        List<MemoryProposal> proposals, List<ProposalRefusal> refusals, int calls, int inputTokens, int outputTokens) {
    public WindowExtraction {
        proposals = List.copyOf(proposals);
        refusals = List.copyOf(refusals);
    }
}
