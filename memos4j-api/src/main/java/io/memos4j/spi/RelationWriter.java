package io.memos4j.spi;

/** Which items belong together. Works inside the transaction of its {@link VaultWriter}. */
public interface RelationWriter extends RelationReader {}
