package io.memos4j.core.kvcache;

/**
 * One bit of foresight: whether an artifact will be used again before it is worth evicting.
 *
 * @param again the bit
 * @param probability what it was rounded from
 * @param why the observation that spoke most for it, in one sentence
 */
public record ReusePrediction(boolean willReuse, double probability, String reason) {}
