package io.memos4j.client;

import java.util.List;

/**
 * The result of a deletion.
 *
 * @param selected the IDs of the memories that were selected
 * @param derived the IDs of memories that were derived from them alone
 * @param count the number of erased memories
 */
public record DeleteResult(List<String> selected, List<String> derived, int count) {}
