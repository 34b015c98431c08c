package io.memos4j.core.cube;

import io.memos4j.api.kvcache.ActivationMemory;
import io.memos4j.api.kvcache.KvCacheEntry;
import io.memos4j.core.Engine;
import io.memos4j.spi.CubeKey;
import java.util.List;

/** The activation memory of a cube of an open engine. */
final class CubeActivationMemory implements ActivationMemory {
    private final Engine engine;
    private final StoredMemCube cube;

    CubeActivationMemory(Engine engine, StoredMemCube cube) {
        this.engine = engine;
        this.cube = cube;
    }

    @Override
    public List<Promotion> promoted() {
        CubeKey key = cube.row().key();
        return engine.vault()
                .read(reader -> reader.activations().promoted(key).stream()
                        .flatMap(each -> reader.items(key, List.of(each.item())).stream()
                                .map(item -> new Promotion(item, each.why(), each.since())))
                        .toList());
    }

    @Override
    public List<KvCacheEntry> list() {
        return engine.activations().list(cube.row().key());
    }

    @Override
    public List<KvCacheEntry> compile() {
        engine.activations().compile(List.of(cube.ready()));
        return list();
    }

    @Override
    public boolean drop(String id) {
        return engine.activations().delete(cube.row().key(), id);
    }
}
