package io.memos4j.spi;

/** How often items are used, and what sessions have at hand, to look at. Valid like the {@link VaultReader} that it belongs to. */
public interface UsageReader {}
