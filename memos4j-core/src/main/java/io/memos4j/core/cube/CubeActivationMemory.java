package io.memos4j.core.cube;

import io.memos4j.api.kvcache.ActivationMemory;
import io.memos4j.api.kvcache.KvCacheEntry;
import io.memos4j.core.kvcache.KvCacheService;
import java.util.List;

/** The activation memory of a cube. Thread-safe. */
final class CubeActivationMemory implements ActivationMemory {
    private final CubeHandle cube;
    private final KvCacheService kvCache;

    CubeActivationMemory(CubeHandle cube, KvCacheService kvCache) {
        this.cube = cube;
        this.kvCache = kvCache;
    }

    @Override
    public List<Promotion> promoted() {
        return cube.auditedRead(
                "promoted",
                reader -> reader.activations().promoted(cube.key()).stream()
                        .flatMap(each -> reader.findItem(cube.key(), each.item()).stream()
                                .map(item -> new Promotion(item, each.why(), each.since())))
                        .toList());
    }

    @Override
    public List<KvCacheEntry> list() {
        return kvCache.list(cube.row().key());
    }

    @Override
    public List<KvCacheEntry> compile() {
        cube.audited("compile", "activations", () -> {
            kvCache.compile(List.of(cube.readyRow()));
            return cube.id();
        });
        return list();
    }

    @Override
    public boolean drop(String id) {
        return cube.audited(
                "drop activation", id, () -> kvCache.delete(cube.row().key(), id));
    }
}
