package io.memos4j.spi.index;

import io.memos4j.api.ItemId;

/**
 * A passage that a ranking proposes.
 *
 * @param item the item it belongs to
 * @param passage its number in the item
 * @param score BM25 or cosine; comparable within one ranking only
 */
public record PassageCandidate(ItemId item, int passage, float score) {}
