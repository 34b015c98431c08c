package io.memos4j.spi;

/** The cube as it was, to look at. Valid like the {@link VaultReader} that it belongs to. */
public interface PastReader {}
