package io.memos4j.server.facade;

import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Page;
import io.memos4j.api.access.Permission;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.server.http.HttpExchange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds what a caller may see by what protocols without cubes tell of it: the id of a memory, a name that need not
 * exist.
 */
public final class MemoryLookup {
    /** What is recalled: not archived, merged or expired. */
    public static final Filter LIVE = Filter.in("state", List.of(ItemState.ACTIVATED.id(), ItemState.FROZEN.id()));

    private MemoryLookup() {}

    /** A memory with the cube that holds it. */
    public record LocatedItem(MemCube cube, MemoryItem item) {}

    /**
     * The memory of this id in a cube that the caller may use; one that it may not use is as good as none, and so is
     * what is no id.
     *
     * @throws MemoryException with {@link ErrorCode#FORBIDDEN} if the caller may see it, but not do this with it
     */
    public static Optional<LocatedItem> findItem(HttpExchange exchange, String id, Permission needed) {
        ItemId item;
        try {
            item = ItemId.parse(id);
        } catch (MemoryException e) {
            return Optional.empty();
        }
        exchange.auditTarget(item.toString());
        List<CubeId> seen = exchange.memos().findCubesWith(item).stream()
                .filter(cube -> exchange.permission(cube).isPresent())
                .toList();
        return seen.stream()
                .filter(cube -> exchange.permission(cube)
                        .filter(held -> held.includes(needed))
                        .isPresent())
                .findFirst()
                .or(() -> seen.stream().findFirst())
                .flatMap(cube -> held(exchange.cube(exchange.cubeName(cube), needed), item));
    }

    private static Optional<LocatedItem> held(MemCube cube, ItemId id) {
        return cube.get(id).map(item -> new LocatedItem(cube, item));
    }

    /** A cube that exists and that the caller may do this with; a cube of others is as good as none. */
    public static Optional<MemCube> findCube(HttpExchange exchange, String name, Permission needed) {
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
    public static List<MemCube> readableCubes(HttpExchange exchange, int most) {
        List<CubeId> readable = exchange.memos().cubes().stream()
                .filter(cube -> exchange.permission(cube).isPresent())
                .limit(most)
                .toList();
        return readable.stream()
                .flatMap(cube -> findCube(exchange, exchange.cubeName(cube), Permission.READ).stream())
                .toList();
    }

    /**
     * Part of a listing.
     *
     * @param total how many match
     */
    public record Slice(List<MemoryItem> items, long total) {}

    /** The memories from {@code from} on, {@code size} at the most, newest first, of all that match. */
    public static Slice slice(MemCube cube, Filter filter, long from, long size) {
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
        return new Slice(items, total);
    }

    /** The newest that match, newest first; {@value ListRequest#MAX_LIMIT} at the most. */
    public static List<MemoryItem> listLatest(MemCube cube, Filter filter, int most) {
        return cube.list(ListRequest.first()
                        .where(filter)
                        .sortedBy(ListRequest.Sort.NEWEST)
                        .limit(most))
                .items();
    }

    /** All that match, newest first. */
    public static List<MemoryItem> listAll(MemCube cube, Filter filter) {
        return slice(cube, filter, 0, Integer.MAX_VALUE).items();
    }
}
