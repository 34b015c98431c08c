package io.memos4j.core.cube;

import io.memos4j.api.kvcache.ActivationMemory;
import io.memos4j.api.kvcache.KvCacheEntry;
import io.memos4j.core.kvcache.KvCacheService;
import java.util.List;

/** The activation memory of a cube. Thread-safe. */
final class CubeActivationMemory implements ActivationMemory {
    private final CubeHandle cube;
    private final KvCacheService activations;

    CubeActivationMemory(CubeHandle cube, KvCacheService activations) {
        this.cube = cube;
        this.activations = activations;
    }

    @Override
    public List<Promotion> promoted() {
        return cube.read(reader -> reader.activations().promoted(cube.key()).stream()
                .flatMap(each -> reader.findItem(cube.key(), each.item()).stream()
                        .map(item -> new Promotion(item, each.why(), each.since())))
                .toList());
    }

    @Override
    public List<KvCacheEntry> list() {
        return activations.list(cube.row().key());
    }

    @Override
    public List<KvCacheEntry> compile() {
        activations.compile(List.of(cube.readyRow()));
        return list();
    }

    @Override
    public boolean drop(String id) {
        return activations.delete(cube.row().key(), id);
    }
}
