package io.memos4j.api.items;

/** What a cube can be given to remember. */
public sealed interface MemoryInput permits Message, Note, Document {}
