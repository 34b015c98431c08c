package io.memos4j.spi;

/** Which items belong together, to look at. Valid like the {@link VaultReader} that it belongs to. */
public interface RelationReader {}
