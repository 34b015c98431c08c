package io.memos4j.core;

import io.memos4j.api.Activation;
import io.memos4j.api.ActivationMemory;
import io.memos4j.spi.CubeKey;
import java.util.List;

/** The activation memory of a cube of an open engine. */
final class CubeActivations implements ActivationMemory {
    private final Engine engine;
    private final EngineCube cube;

    CubeActivations(Engine engine, EngineCube cube) {
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
    public List<Activation> list() {
        return engine.activations().list(cube.row().key());
    }

    @Override
    public List<Activation> compile() {
        engine.activations().compile(List.of(cube.ready()));
        return list();
    }

    @Override
    public boolean drop(String id) {
        return engine.activations().drop(cube.row().key(), id);
    }
}
