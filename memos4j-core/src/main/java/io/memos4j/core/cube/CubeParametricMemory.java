package io.memos4j.core.cube;

import io.memos4j.api.ItemId;
import io.memos4j.api.adapters.Adapter;
import io.memos4j.api.adapters.AdapterChange;
import io.memos4j.api.adapters.AdapterId;
import io.memos4j.api.adapters.LearningPolicy;
import io.memos4j.api.adapters.ParametricMemory;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.core.adapters.AdapterService;
import io.memos4j.spi.vault.VaultWriter;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The parametric memory of a cube. Thread-safe. */
final class CubeParametricMemory implements ParametricMemory {
    private final CubeHandle cube;
    private final AdapterService adapters;

    CubeParametricMemory(CubeHandle cube, AdapterService adapters) {
        this.cube = cube;
        this.adapters = adapters;
    }

    private boolean write(Predicate<VaultWriter> step) {
        return cube.<Boolean>write(step::test);
    }

    @Override
    public LearningPolicy policy() {
        return cube.read(reader -> reader.adapters().policy(cube.key()));
    }

    @Override
    public void policy(LearningPolicy policy) {
        adapters.registry().setPolicy(cube.key(), policy, this::write);
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
        return adapters.registry().taughtItems(cube.key(), adapters.registry().require(cube.key(), id));
    }

    @Override
    public List<AdapterChange> history() {
        return cube.read(reader -> reader.adapters().changes(cube.key()));
    }

    @Override
    public Curriculum curriculum(List<ItemId> items) {
        return adapters.curriculum(cube.key(), items);
    }

    @Override
    public List<Adapter> train(List<ItemId> items, Predicate<Lesson> progress) {
        return adapters.train(cube.key(), items, this::write, progress);
    }

    @Override
    public Adapter evaluate(AdapterId id) {
        return adapters.evaluate(cube.key(), id);
    }

    @Override
    public Adapter activate(AdapterId id) {
        return adapters.registry().activate(cube.key(), id);
    }

    @Override
    public Adapter rollback(String name) {
        return adapters.registry().rollback(cube.key(), name);
    }

    @Override
    public Adapter retire(AdapterId id, String why) {
        return adapters.registry().retire(cube.key(), id, why);
    }
}
