package io.memos4j.core.extraction;

import java.util.List;

/**
 * The result of reading one window.
 *
 * @param proposals the changes: additions, updates, then retirements; each is checked against its sources
 * @param refusals the rejected proposals
 */
public record WindowExtraction(List<MemoryProposal> proposals, List<ProposalRefusal> refusals) {
    public WindowExtraction {
        proposals = List.copyOf(proposals);
        refusals = List.copyOf(refusals);
    }
}
