package io.memos4j.core.adapters;

import io.memos4j.api.ItemId;
import io.memos4j.api.adapters.Adapter;
import io.memos4j.api.adapters.AdapterState;
import io.memos4j.api.adapters.ParametricMemory.Example;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.vault.VaultReader;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What adapters are to forget and will be asked about when they have been trained anew. It is what was erased, so it is
 * nowhere but here, in memory, and only until then: after a restart nobody can ask any more, and the history says so.
 * Thread-safe.
 */
final class ForgettingProbes {
    private static final int MOST = 200;

    private record Key(CubeKey cube, String name) {}

    private final Map<Key, List<Example>> questions = new HashMap<>();

    /** Items are about to be erased; what is retired is not trained anew, so nobody would ask. */
    synchronized void addErased(VaultReader reader, CubeKey cube, Collection<ItemId> items) {
        Set<ItemId> gone = new HashSet<>(items);
        for (Adapter adapter : reader.adapters().of(cube)) {
            List<ItemId> own = adapter.taught().stream()
                    .map(Adapter.Source::item)
                    .filter(gone::contains)
                    .toList();
            if (adapter.state() != AdapterState.RETIRED && !own.isEmpty()) {
                add(cube, adapter.id().name(), reader.items(cube, own));
            }
        }
    }

    /** These are to be forgotten by an adapter. */
    synchronized void add(CubeKey cube, String name, List<MemoryItem> items) {
        List<Example> all = questions.computeIfAbsent(new Key(cube, name), key -> new ArrayList<>());
        ExampleGenerator.generate(items, List.of(), ExampleGenerator.QuestionSource.NONE).stream()
                .filter(each -> !all.contains(each))
                .limit(Math.max(0, MOST - all.size()))
                .forEach(all::add);
    }

    /** What an adapter is to be asked. */
    synchronized List<Example> of(CubeKey cube, String name) {
        return List.copyOf(questions.getOrDefault(new Key(cube, name), List.of()));
    }

    /** It was asked. */
    synchronized void clear(CubeKey cube, String name) {
        questions.remove(new Key(cube, name));
    }
}
