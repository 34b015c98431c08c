package io.memos4j.api.items;

/** Input of a cube: anything that can be added to it. */
public sealed interface MemoryInput permits Message, Note, Document {}
