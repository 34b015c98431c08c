package io.memos4j.core.reader.fine;

/**
 * What one call of the model cost.
 *
 * @param inputTokens as counted by the provider, else estimated as a third of the characters
 * @param outputTokens as counted by the provider, else estimated as a third of the characters; 0 if the call failed
 * @param answered whether the model answered at all, be the answer of use or not
 */
public record Usage(int inputTokens, int outputTokens, boolean answered) {}
