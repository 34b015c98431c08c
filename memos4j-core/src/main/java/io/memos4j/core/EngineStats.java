package io.memos4j.core;

/**
 * The size of an open engine.
 *
 * @param vaultBytes bytes on disk, including the write-ahead log
 * @param openIndexes search indexes that are open at the moment
 */
public record EngineStats(int cubes, long vaultBytes, int openIndexes) {}
