package io.memos4j.spi.index;

/**
 * A part of an item's text that is ranked and embedded on its own. The passages of an item are numbered from 0 and
 * cover its text.
 *
 * @param number from 0
 * @param start first UTF-16 unit of the item's text
 * @param end one past the last unit
 */
public record Passage(int number, int start, int end) {}
