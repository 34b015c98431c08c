package io.memos4j.core.cube;

import io.memos4j.api.ItemId;
import io.memos4j.api.adapters.Adapter;
import io.memos4j.api.adapters.AdapterChange;
import io.memos4j.api.adapters.AdapterId;
import io.memos4j.api.adapters.LearningPolicy;
import io.memos4j.api.adapters.ParametricMemory;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.core.Engine;
import io.memos4j.core.adapters.AdapterService;
import io.memos4j.spi.CubeKey;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The parametric memory of a cube of an open engine. */
final class CubeParametricMemory implements ParametricMemory {
    private final Engine engine;
    private final AdapterService parametrics;
    private final CubeKey key;

    CubeParametricMemory(Engine engine, CubeKey key) {
        this.engine = engine;
        this.parametrics = engine.parametrics();
        this.key = key;
    }

    @Override
    public LearningPolicy policy() {
        return engine.vault().read(reader -> reader.adapters().policy(key));
    }

    @Override
    public void policy(LearningPolicy policy) {
        parametrics.registry().setPolicy(key, policy);
    }

    @Override
    public List<Adapter> list() {
        return engine.vault().read(reader -> reader.adapters().of(key));
    }

    @Override
    public Optional<Adapter> find(AdapterId id) {
        return engine.vault().read(reader -> reader.adapters().find(key, id));
    }

    @Override
    public List<MemoryItem> taught(AdapterId id) {
        return parametrics.registry().taughtItems(key, parametrics.registry().require(key, id));
    }

    @Override
    public List<AdapterChange> history() {
        return engine.vault().read(reader -> reader.adapters().changes(key));
    }

    @Override
    public Curriculum curriculum(List<ItemId> items) {
        return parametrics.curriculum(key, items);
    }

    @Override
    public List<Adapter> train(List<ItemId> items, Predicate<Lesson> progress) {
        return parametrics.train(key, items, step -> engine.vault().<Boolean>write(step::test), progress);
    }

    @Override
    public Adapter evaluate(AdapterId id) {
        return parametrics.evaluate(key, id);
    }

    @Override
    public Adapter activate(AdapterId id) {
        return parametrics.registry().activate(key, id);
    }

    @Override
    public Adapter rollback(String name) {
        return parametrics.registry().rollback(key, name);
    }

    @Override
    public Adapter retire(AdapterId id, String why) {
        return parametrics.registry().retire(key, id, why);
    }
}
