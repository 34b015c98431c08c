package io.memos4j.server.clients;

import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.Filter;
import io.memos4j.api.ItemId;
import io.memos4j.api.ItemState;
import io.memos4j.api.ListRequest;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.MemoryItem;
import io.memos4j.api.Page;
import io.memos4j.api.Permission;
import io.memos4j.server.http.Exchange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds what a caller may see by what protocols without cubes tell of it: the id of a memory, a name that need not exist. */
public final class Holdings {
    /** What is recalled: not archived, merged or expired. */
    public static final Filter LIVE = Filter.in("state", List.of(ItemState.ACTIVATED.id(), ItemState.FROZEN.id()));

    private Holdings() {}

    /** A memory with the cube that holds it. */
    public record Held(MemCube cube, MemoryItem item) {}

    /**
     * The memory of this id in a cube that the caller may use; one that it may not use is as good as none, and so is what is no id.
     *
     * @throws MemoryException with {@link ErrorCode#FORBIDDEN} if the caller may see it, but not do this with it
     */
    public static Optional<Held> find(Exchange exchange, String id, Permission needed) {
        ItemId item;
        try {
            item = ItemId.parse(id);
        } catch (MemoryException e) {
            return Optional.empty();
        }
        exchange.target(item.toString());
        List<CubeId> seen = exchange.memos().holding(item).stream()
                .filter(cube -> exchange.permission(cube).isPresent())
                .toList();
        return seen.stream()
                .filter(cube -> exchange.permission(cube)
                        .filter(held -> held.includes(needed))
                        .isPresent())
                .findFirst()
                .or(() -> seen.stream().findFirst())
                .flatMap(cube -> held(exchange.cube(exchange.shown(cube), needed), item));
    }

    private static Optional<Held> held(MemCube cube, ItemId id) {
        return cube.get(id).map(item -> new Held(cube, item));
    }

    /** A cube that exists and that the caller may do this with; a cube of others is as good as none. */
    public static Optional<MemCube> cube(Exchange exchange, String name, Permission needed) {
        try {
            return Optional.of(exchange.cube(name, needed));
        } catch (MemoryException e) {
            if (e.code() == ErrorCode.CUBE_NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Every cube that the caller may read, by name. */
    public static List<MemCube> cubes(Exchange exchange, int most) {
        List<CubeId> readable = exchange.memos().cubes().stream()
                .filter(cube -> exchange.permission(cube).isPresent())
                .limit(most)
                .toList();
        return readable.stream()
                .flatMap(cube -> cube(exchange, exchange.shown(cube), Permission.READ).stream())
                .toList();
    }

    /**
     * Part of a listing.
     *
     * @param total how many match
     */
    public record Section(List<MemoryItem> items, long total) {}

    /** The memories from {@code from} on, {@code size} at the most, newest first, of all that match. */
    public static Section section(MemCube cube, Filter filter, long from, long size) {
        List<MemoryItem> items = new ArrayList<>();
        long total = 0;
        ListRequest request = ListRequest.first()
                .where(filter)
                .sortedBy(ListRequest.Sort.NEWEST)
                .limit(ListRequest.MAX_LIMIT);
        Optional<String> next = Optional.of("");
        while (next.isPresent()) {
            Page<MemoryItem> page = cube.list(request.after(next.get()));
            for (MemoryItem item : page.items()) {
                if (total >= from && items.size() < size) {
                    items.add(item);
                }
                total++;
            }
            next = page.next();
        }
        return new Section(items, total);
    }

    /** The newest that match, newest first; {@value ListRequest#MAX_LIMIT} at the most. */
    public static List<MemoryItem> latest(MemCube cube, Filter filter, int most) {
        return cube.list(ListRequest.first()
                        .where(filter)
                        .sortedBy(ListRequest.Sort.NEWEST)
                        .limit(most))
                .items();
    }

    /** All that match, newest first. */
    public static List<MemoryItem> all(MemCube cube, Filter filter) {
        return section(cube, filter, 0, Integer.MAX_VALUE).items();
    }
}
