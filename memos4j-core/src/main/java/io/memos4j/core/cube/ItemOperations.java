package io.memos4j.core.cube;

/** The operations that write the items of a cube; one set an engine, shared by its cubes. */
public record ItemOperations(
        AddOperation add, EditOperations edit, DeleteOperation delete, HistoryOperations history) {}
