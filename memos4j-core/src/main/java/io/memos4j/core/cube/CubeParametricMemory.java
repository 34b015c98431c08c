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
        cube.audited("learning policy", "learning policy", () -> {
            adapters.registry().setPolicy(cube.key(), policy, this::write);
            return policy;
        });
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
        cube.auditRead("taught");
        return adapters.registry().taughtItems(cube.key(), adapters.registry().require(cube.key(), id));
    }

    @Override
    public List<AdapterChange> history() {
        return cube.read(reader -> reader.adapters().changes(cube.key()));
    }

    @Override
    public Curriculum curriculum(List<ItemId> items) {
        cube.auditRead("curriculum");
        return adapters.curriculum(cube.key(), items);
    }

    @Override
    public List<Adapter> train(List<ItemId> items, Predicate<Lesson> progress) {
        return cube.audited("train", () -> adapters.train(cube.key(), items, this::write, progress));
    }

    @Override
    public Adapter evaluate(AdapterId id) {
        return cube.audited("evaluate", id.toString(), () -> adapters.evaluate(cube.key(), id));
    }

    @Override
    public Adapter activate(AdapterId id) {
        return cube.audited("activate", id.toString(), () -> adapters.registry().activate(cube.key(), id));
    }

    @Override
    public Adapter rollback(String name) {
        return cube.audited("rollback adapter", name, () -> adapters.registry().rollback(cube.key(), name));
    }

    @Override
    public Adapter retire(AdapterId id, String why) {
        return cube.audited("retire", id.toString(), () -> adapters.registry().retire(cube.key(), id, why));
    }
}
