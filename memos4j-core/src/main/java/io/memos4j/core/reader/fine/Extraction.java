package io.memos4j.core.reader.fine;

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
public record Extraction(
        List<Proposal> proposals, List<Refusal> refusals, int calls, int inputTokens, int outputTokens) {
    public Extraction {
        proposals = List.copyOf(proposals);
        refusals = List.copyOf(refusals);
    }
}
