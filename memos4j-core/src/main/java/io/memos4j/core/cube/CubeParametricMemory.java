package io.memos4j.core.cube;

import io.memos4j.api.ItemId;
import io.memos4j.api.adapters.Adapter;
import io.memos4j.api.adapters.AdapterChange;
import io.memos4j.api.adapters.AdapterId;
import io.memos4j.api.adapters.LearningPolicy;
import io.memos4j.api.adapters.ParametricMemory;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.core.adapters.AdapterService;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The parametric memory of a cube. Thread-safe. */
final class CubeParametricMemory implements ParametricMemory {
    private final CubeHandle cube;
    private final AdapterService parametrics;

    CubeParametricMemory(CubeHandle cube, AdapterService parametrics) {
        this.cube = cube;
        this.parametrics = parametrics;
    }

    @Override
    public LearningPolicy policy() {
        return cube.read(reader -> reader.adapters().policy(cube.key()));
    }

    @Override
    public void policy(LearningPolicy policy) {
        parametrics.registry().setPolicy(cube.key(), policy);
    }

    @Override
    public List<Adapter> list() {
        return cube.read(reader -> reader.adapters().of(cube.key()));
    }

    @Override
    public Optional<Adapter> find(AdapterId id) {
        return cube.read(reader -> reader.adapters().find(cube.key(), id));
    }

    @Override
    public List<MemoryItem> taught(AdapterId id) {
        return parametrics
                .registry()
                .taughtItems(cube.key(), parametrics.registry().require(cube.key(), id));
    }

    @Override
    public List<AdapterChange> history() {
        return cube.read(reader -> reader.adapters().changes(cube.key()));
    }

    @Override
    public Curriculum curriculum(List<ItemId> items) {
        return parametrics.curriculum(cube.key(), items);
    }

    @Override
    public List<Adapter> train(List<ItemId> items, Predicate<Lesson> progress) {
        return parametrics.train(cube.key(), items, step -> cube.<Boolean>write(step::test), progress);
    }

    @Override
    public Adapter evaluate(AdapterId id) {
        return parametrics.evaluate(cube.key(), id);
    }

    @Override
    public Adapter activate(AdapterId id) {
        return parametrics.registry().activate(cube.key(), id);
    }

    @Override
    public Adapter rollback(String name) {
        return parametrics.registry().rollback(cube.key(), name);
    }

    @Override
    public Adapter retire(AdapterId id, String why) {
        return parametrics.registry().retire(cube.key(), id, why);
    }
}
