package io.memos4j.spi;

/** How often items are used, and what sessions have at hand. Works inside the transaction of its {@link VaultWriter}. */
public interface UsageWriter extends UsageReader {}
