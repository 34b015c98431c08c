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
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Finds memories and cubes that a caller can access, for protocols that address memories by id and cubes by names that
 * may not exist.
 */
public final class MemoryLookup {
    private MemoryLookup() {}

    /** A memory with the cube that contains it. */
    public record LocatedItem(MemCube cube, MemoryItem item) {}

    /**
     * Finds a memory by id in the cubes that the caller can access, its own ones first; empty if there is none, or if
     * {@code id} is not an id. What is to be forgotten is not found.
     *
     * @throws MemoryException with {@link ErrorCode#FORBIDDEN} if the caller can see the memory but lacks
     *     {@code needed}
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
                .sorted(Comparator.comparing(cube -> !exchange.isOwn(cube)))
                .toList();
        return seen.stream()
                .filter(cube -> exchange.hasPermission(cube, needed))
                .findFirst()
                .or(() -> seen.stream().findFirst())
                .flatMap(cube -> findInCube(exchange.cube(exchange.cubeName(cube), needed), item));
    }

    /** Finds all of the memories with these ids before any of them is changed, see {@link #findItem}. */
    public static List<LocatedItem> findItems(HttpExchange exchange, List<String> ids, Permission needed) {
        return ids.stream()
                .distinct()
                .flatMap(id -> findItem(exchange, id, needed).stream())
                .toList();
    }

    private static Optional<LocatedItem> findInCube(MemCube cube, ItemId id) {
        return cube.get(id)
                .filter(item -> item.state() != ItemState.FORGOTTEN)
                .map(item -> new LocatedItem(cube, item));
    }

    /** Finds an existing cube that the caller can access; empty if there is none. */
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

    /** Lists the cubes that the caller can read, at most {@code most}. */
    public static List<MemCube> readableCubes(HttpExchange exchange, int most) {
        List<CubeId> readable = exchange.memos().cubes().stream()
                .filter(cube -> exchange.permission(cube).isPresent())
                .limit(most)
                .toList();
        return readable.stream()
                .flatMap(cube -> findCube(exchange, exchange.cubeName(cube), Permission.READ).stream())
                .toList();
    }

    /** Lists the cubes of the caller's own space that its key may write. */
    public static List<MemCube> ownCubes(HttpExchange exchange) {
        return exchange.memos().cubes().stream()
                .filter(exchange::isOwn)
                .filter(cube -> exchange.hasPermission(cube, Permission.WRITE))
                .flatMap(cube -> findCube(exchange, exchange.cubeName(cube), Permission.WRITE).stream())
                .toList();
    }

    /** Passes every memory that a request matches to {@code sink}, page by page. */
    public static void forEach(MemCube cube, ListRequest request, Consumer<MemoryItem> sink) {
        Optional<String> next = Optional.of("");
        while (next.isPresent()) {
            Page<MemoryItem> page =
                    cube.list(request.limit(ListRequest.MAX_LIMIT).after(next.get()));
            page.items().forEach(sink);
            next = page.next();
        }
    }

    /**
     * A slice of a listing.
     *
     * @param total the number of all matches
     */
    public record Slice(List<MemoryItem> items, long total) {}

    /** Lists matching memories, newest first, from position {@code from}, at most {@code size}. */
    public static Slice slice(MemCube cube, Filter filter, long from, long size) {
        List<MemoryItem> items = new ArrayList<>();
        AtomicLong total = new AtomicLong();
        forEach(cube, ListRequest.first().where(filter).sortedBy(ListRequest.Sort.NEWEST), item -> {
            if (total.getAndIncrement() >= from && items.size() < size) {
                items.add(item);
            }
        });
        return new Slice(items, total.get());
    }

    /** Lists the newest matching memories, newest first; at most {@value ListRequest#MAX_LIMIT}. */
    public static List<MemoryItem> listLatest(MemCube cube, Filter filter, int most) {
        return cube.list(ListRequest.first()
                        .where(filter)
                        .sortedBy(ListRequest.Sort.NEWEST)
                        .limit(most))
                .items();
    }

    /** Lists all matching memories, newest first. */
    public static List<MemoryItem> listAll(MemCube cube, Filter filter) {
        return slice(cube, filter, 0, Integer.MAX_VALUE).items();
    }
}
