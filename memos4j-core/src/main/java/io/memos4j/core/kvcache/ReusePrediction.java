package io.memos4j.core.kvcache;

/**
 * A prediction of whether an artifact will be used again before it is worth evicting.
 *
 * @param willReuse the prediction
 * @param probability the probability that it was rounded from
 * @param reason the feature that contributed most to it, in one sentence
 */
public record ReusePrediction(boolean willReuse, double probability, String reason) {}
