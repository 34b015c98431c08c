package io.memos4j.core.extraction;

import java.util.List;

/**
 * What was read from one window.
 *
 * @param proposals what to change, in the order of additions, updates, retirements; each is checked against its sources
 * @param refusals what the model proposed and was not taken
 * @param calls how often the model was asked, 1 or 2
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
