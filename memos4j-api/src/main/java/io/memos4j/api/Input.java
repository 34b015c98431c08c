package io.memos4j.api;

/** What a cube can be given to remember. */
public sealed interface Input permits Message, Note, Document {}
