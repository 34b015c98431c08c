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
 * Questions about deleted or corrected memories, to test that a retrained adapter has forgotten them.
 *
 * <p>They quote what was deleted, so they are kept in memory only, and only until the adapter was evaluated: after a
 * restart they cannot be asked, and the adapter's history says so. Thread-safe.
 */
final class ForgettingProbes {
    private static final int MAX_QUESTIONS = 200;

    private record Key(CubeKey cube, String name) {}

    private final Map<Key, List<Example>> questions = new HashMap<>();

    /**
     * Adds questions about items that are about to be deleted, for each adapter that will be retrained without them.
     */
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

    /** Adds questions about items that an adapter must forget. */
    synchronized void add(CubeKey cube, String name, List<MemoryItem> items) {
        List<Example> all = questions.computeIfAbsent(new Key(cube, name), key -> new ArrayList<>());
        ExampleGenerator.generate(items, List.of(), ExampleGenerator.QuestionSource.NONE).stream()
                .filter(each -> !all.contains(each))
                .limit(Math.max(0, MAX_QUESTIONS - all.size()))
                .forEach(all::add);
    }

    /** Returns the questions for an adapter. */
    synchronized List<Example> of(CubeKey cube, String name) {
        return List.copyOf(questions.getOrDefault(new Key(cube, name), List.of()));
    }

    /** Removes the questions for an adapter after its evaluation. */
    synchronized void clear(CubeKey cube, String name) {
        questions.remove(new Key(cube, name));
    }

    /** Removes the questions for the adapters of a deleted cube. */
    synchronized void clear(CubeKey cube) {
        questions.keySet().removeIf(key -> key.cube.equals(cube));
    }
}
