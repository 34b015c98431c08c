package io.memos4j.core.cube;

import io.memos4j.api.ItemId;
import io.memos4j.api.adapters.Adapter;
import io.memos4j.api.adapters.AdapterChange;
import io.memos4j.api.adapters.AdapterId;
import io.memos4j.api.adapters.LearningPolicy;
import io.memos4j.api.adapters.ParametricMemory;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.core.privacy.Redactor;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The parametric memory of a cube as one reader may see it. Thread-safe. */
record RedactedParametricMemory(ParametricMemory memory, Redactor redactor) implements ParametricMemory {
    @Override
    public LearningPolicy policy() {
        return memory.policy();
    }

    @Override
    public void policy(LearningPolicy policy) {
        memory.policy(policy);
    }

    @Override
    public List<Adapter> list() {
        return memory.list();
    }

    @Override
    public Optional<Adapter> find(AdapterId id) {
        return memory.find(id);
    }

    @Override
    public List<MemoryItem> taught(AdapterId id) {
        return memory.taught(id).stream().map(redactor::redact).toList();
    }

    @Override
    public List<AdapterChange> history() {
        return memory.history();
    }

    @Override
    public Curriculum curriculum(List<ItemId> items) {
        Curriculum planned = memory.curriculum(items);
        return new Curriculum(
                planned.examples().stream()
                        .map(each -> new Example(
                                each.item(),
                                each.kind(),
                                redactor.redact(each.prompt()),
                                redactor.redact(each.answer())))
                        .toList(),
                planned.left());
    }

    @Override
    public List<Adapter> train(List<ItemId> items, Predicate<Lesson> progress) {
        return memory.train(items, progress);
    }

    @Override
    public Adapter evaluate(AdapterId id) {
        return memory.evaluate(id);
    }

    @Override
    public Adapter activate(AdapterId id) {
        return memory.activate(id);
    }

    @Override
    public Adapter rollback(String name) {
        return memory.rollback(name);
    }

    @Override
    public Adapter retire(AdapterId id, String why) {
        return memory.retire(id, why);
    }
}
