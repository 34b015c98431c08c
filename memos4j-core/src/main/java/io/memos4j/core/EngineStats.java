package io.memos4j.core;

/**
 * How large an open engine is.
 *
 * @param vaultBytes on disk, the write-ahead log included
 * @param openIndexes search indexes held open at the moment
 */
public record EngineStats(int cubes, long vaultBytes, int openIndexes) {}
