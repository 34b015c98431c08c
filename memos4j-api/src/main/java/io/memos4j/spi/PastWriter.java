package io.memos4j.spi;

/** The cube as it was. Works inside the transaction of its {@link VaultWriter}. */
public interface PastWriter extends PastReader {}
