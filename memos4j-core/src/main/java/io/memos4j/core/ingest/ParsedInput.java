package io.memos4j.core.ingest;

import io.memos4j.core.language.MemoryCommand;
import io.memos4j.spi.items.StoredItem;

/**
 * An item read from an input, before admission.
 *
 * @param input position of the input in the request, from 0
 * @param item ready to be stored
 * @param timed whether the caller said when; decides how a repetition is recognised
 * @param wish what it asks of the memory itself
 */
public record ParsedInput(int input, StoredItem item, boolean timed, MemoryCommand command) {
    public String session() {
        return item.item().origin().session();
    }
}
