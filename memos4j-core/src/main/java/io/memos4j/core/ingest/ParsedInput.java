package io.memos4j.core.ingest;

import io.memos4j.core.language.MemoryCommand;
import io.memos4j.spi.items.StoredItem;

/**
 * An item parsed from an input, before it is checked for duplicates.
 *
 * @param input position of the input in the request, from 0
 * @param item ready to be stored
 * @param timed true if the caller gave a time, which decides how a repetition is recognized
 * @param command the request about the memory itself
 */
public record ParsedInput(int input, StoredItem item, boolean timed, MemoryCommand command) {
    public String session() {
        return item.item().origin().session();
    }
}
