package io.memos4j.api.items;

import io.memos4j.api.ItemId;
import io.memos4j.api.Warning;
import java.time.Instant;
import java.util.List;

/**
 * Result of an add. When it is returned, everything that it names is durable and searchable.
 *
 * @param items one entry for each message and note, one for each chunk of a document, in input order
 * @param forgotten the memories that requests in it asked to forget
 * @param warnings what was repaired on the way in
 * @param replayed whether this is the remembered answer to an earlier request with the same idempotency key: nothing
 *     was stored now
 */
public record AddResult(List<Added> items, List<Forgotten> forgotten, List<Warning> warnings, boolean replayed) {
    public AddResult {
        items = List.copyOf(items);
        forgotten = List.copyOf(forgotten);
        warnings = List.copyOf(warnings);
    }

    /** The ids, in input order; a duplicate has the id of what it repeats. */
    public List<ItemId> ids() {
        return items.stream().map(Added::id).toList();
    }

    /**
     * One remembered item.
     *
     * @param input position in the request, from 0
     * @param id the item that now holds it
     * @param outcome what was decided
     */
    public record Added(int input, ItemId id, Outcome outcome) {}

    /**
     * A memory that a request asked to forget, with the memories made from it.
     *
     * @param input position of the request, from 0
     * @param id the memory
     * @param erasedAt when it is erased; until then it is withheld and the forgetting can be undone. If the cube's
     *     policy gives no time for that, it is erased already
     */
    public record Forgotten(int input, ItemId id, Instant erasedAt) {}

    /** Outcome of adding an input. */
    public enum Outcome {
        /** Stored as a new item. */
        ADDED,
        /** The same message is there already; nothing was stored, the id is the earlier one's. */
        DUPLICATE,
        /** Only repeats context that this engine returned; kept verbatim, archived, not recalled. */
        ECHO,
        /** A request to forget: done; withheld and erased together with what it covers. */
        HEEDED,
        /**
         * Tells nothing by itself, as a system prompt or the placeholder of an image; kept verbatim, archived, not
         * recalled.
         */
        NOT_RECALLED,
        /** The speaker asked not to keep it: only the fact that something was said is kept. */
        WITHHELD
    }
}
