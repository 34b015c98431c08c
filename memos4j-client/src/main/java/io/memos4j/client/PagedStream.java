package io.memos4j.client;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/**
 * A list that the server returns in pages.
 *
 * @param first the call for the first page
 * @param field the field with the entries of a page
 */
record PagedStream(ClientTransport transport, ClientCall first, String field) {
    /** Returns a stream that fetches each page once the previous one has been read. */
    <T> Stream<T> stream(Class<T> type) {
        return StreamSupport.stream(
                Spliterators.spliteratorUnknownSize(new Reading<>(type), Spliterator.ORDERED | Spliterator.NONNULL),
                false);
    }

    private final class Reading<T> implements Iterator<T> {
        private final Class<T> type;
        private Optional<ClientCall> next = Optional.of(first);
        private Iterator<T> page = List.<T>of().iterator();

        Reading(Class<T> type) {
            this.type = type;
        }

        @Override
        public boolean hasNext() {
            while (!page.hasNext() && next.isPresent()) {
                JsonNode json = transport.json(next.get());
                page = ClientJson.list(type, json.path(field)).iterator();
                next = Optional.of(json.path("next").asString(""))
                        .filter(cursor -> !cursor.isEmpty())
                        .map(cursor -> first.query("cursor", cursor));
            }
            return page.hasNext();
        }

        @Override
        public T next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return page.next();
        }
    }
}
