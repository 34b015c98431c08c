package io.memos4j.runtime.files;

/** The encoding of the state in a saved activation. */
public enum StateCompression {
    /** As the engine wrote it: read at the speed of memory. */
    PLAIN,
    /** Compressed with zstd, level 3: smaller, and slower to read. Decision 019 has the figures. */
    ZSTD
}
