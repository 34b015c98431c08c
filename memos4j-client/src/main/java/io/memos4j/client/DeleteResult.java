package io.memos4j.client;

import java.util.List;

/**
 * What is gone.
 *
 * @param selected ids of what was chosen
 * @param derived ids of what had been made from it alone
 */
public record DeleteResult(List<String> selected, List<String> derived, int count) {}
