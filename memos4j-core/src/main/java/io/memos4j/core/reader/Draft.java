package io.memos4j.core.reader;

import io.memos4j.core.language.Wish;
import io.memos4j.spi.StoredItem;

/**
 * An item read from an input, before admission.
 *
 * @param input position of the input in the request, from 0
 * @param item ready to be stored
 * @param timed whether the caller said when; decides how a repetition is recognised
 * @param wish what it asks of the memory itself
 */
public record Draft(int input, StoredItem item, boolean timed, Wish wish) {
    public String session() {
        return item.item().origin().session();
    }
}
