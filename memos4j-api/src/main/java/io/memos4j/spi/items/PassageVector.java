package io.memos4j.spi.items;

import io.memos4j.api.ItemId;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.index.Int8Vectors;
import java.util.Optional;

/**
 * The vector of a passage, on its way into the vault. It is dropped if the item has moved on to another version.
 *
 * @param version the item version that was embedded
 * @param vector encoded by {@link Int8Vectors}; empty if the passage cannot get one and is not to be tried again
 */
@SuppressWarnings("ArrayRecordComponent")
public record PassageVector(CubeKey cube, ItemId item, int version, int passage, Optional<byte[]> vector) {}
