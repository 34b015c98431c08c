package io.memos4j.core;

import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.history.CubeView;
import io.memos4j.api.history.ItemChange;
import io.memos4j.api.history.SupersessionRecord;
import io.memos4j.api.items.ItemEdit;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Note;
import io.memos4j.api.items.Selection;
import io.memos4j.core.history.StateTransitions;
import io.memos4j.testkit.MutableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Random histories of a cube against a model that keeps a copy of everything after every change: what the cube shows of
 * any instant is what the model kept, and a rollback leads there.
 */
class TimeMachineSimulationTest {
    private static final int STEPS = 150;

    @TempDir
    private Path directory;

    private final MutableClock clock = new MutableClock(Instant.parse("2025-03-04T10:00:00Z"));
    private MemOs memos;
    private MemCube cube;
    private SplittableRandom random;

    /** The expected state of an item. */
    private record Known(String text, ItemState state, boolean ended, Optional<ItemId> successor) {
        Known in(ItemState newState) {
            return new Known(text, newState, ended, successor);
        }

        boolean isAway() {
            return state == ItemState.ARCHIVED || state == ItemState.EXPIRED || state == ItemState.MERGED;
        }
    }

    /** By instant, and by item in order of insertion. */
    private final TreeMap<Instant, Map<ItemId, Known>> history = new TreeMap<>();

    private Map<ItemId, Known> now = new LinkedHashMap<>();
    private int texts;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void everyInstantIsShownAsItWas(long seed) {
        random = new SplittableRandom(seed);
        open();
        history.put(clock.instant(), Map.of());
        for (int step = 0; step < STEPS; step++) {
            clock.advance(Duration.ofMillis(random.nextInt(3, 9)));
            change();
            clock.advance(Duration.ofMillis(3));
            history.put(clock.instant(), new LinkedHashMap<>(now));
            check(clock.instant());
            check(someInstant());
        }
        history.keySet().forEach(this::check);
        checkSearch();
        memos.close();
    }

    private void open() {
        memos = MemOs.open(MemOsConfig.at(directory).withoutEmbedder().withClock(clock));
        cube = memos.cube("alice");
    }

    private Instant someInstant() {
        return List.copyOf(history.keySet()).get(random.nextInt(history.size()));
    }

    private Map<ItemId, Known> at(Instant instant) {
        return Optional.ofNullable(history.get(instant)).orElseThrow();
    }

    /** A text of its own, which no rule takes for a statement. */
    private String text() {
        return "🎈 wort" + ++texts + " 第" + texts + "条";
    }

    private void change() {
        if (now.isEmpty() || random.nextInt(4) == 0) {
            String text = text();
            ItemId id = cube.add(Note.of(text)).ids().getFirst();
            now.put(id, new Known(text, ItemState.ACTIVATED, false, Optional.empty()));
            return;
        }
        ItemId id = someItem();
        switch (random.nextInt(9)) {
            case 0, 1 -> rewrite(id);
            case 2 -> move(id);
            case 3 -> supersede(id, someItem());
            case 4 -> reinstate(id);
            case 5 -> delete(id);
            case 6 -> rollback(someInstant());
            case 7 -> rollback(id, someInstant());
            default -> {
                memos.close();
                open();
            }
        }
    }

    private ItemId someItem() {
        return List.copyOf(now.keySet()).get(random.nextInt(now.size()));
    }

    private Known known(ItemId id) {
        return Optional.ofNullable(now.get(id)).orElseThrow();
    }

    private boolean isFrozen(ItemId id) {
        return known(id).state == ItemState.FROZEN;
    }

    private void rewrite(ItemId id) {
        if (!isFrozen(id)) {
            String text = text();
            cube.update(id, ItemEdit.text(text));
            Known known = known(id);
            now.put(id, new Known(text, known.state, known.ended, known.successor));
        }
    }

    private void move(ItemId id) {
        ItemState state = List.of(ItemState.ACTIVATED, ItemState.ARCHIVED, ItemState.FROZEN, ItemState.EXPIRED)
                .get(random.nextInt(4));
        if (StateTransitions.isAllowed(known(id).state, state, StateTransitions.Trigger.EDIT)) {
            cube.update(id, ItemEdit.NOTHING.state(state));
            now.put(id, known(id).in(state));
        }
    }

    private void supersede(ItemId id, ItemId by) {
        if (!isFrozen(id) && !id.equals(by)) {
            cube.supersede(id, by, "newer");
            now.put(id, new Known(known(id).text, ItemState.ARCHIVED, true, Optional.of(by)));
        }
    }

    private void reinstate(ItemId id) {
        if (!isFrozen(id)) {
            cube.reinstate(id);
            Known known = known(id);
            if (known.ended || known.isAway()) {
                now.put(id, new Known(known.text, ItemState.ACTIVATED, false, Optional.empty()));
            }
        }
    }

    private void delete(ItemId id) {
        cube.delete(Selection.item(id));
        now.remove(id);
        history.values().forEach(then -> {
            if (then.containsKey(id)) {
                then.remove(id);
            }
        });
        now.replaceAll((former, known) -> known.successor.filter(id::equals).isEmpty()
                ? known
                : known.isAway()
                        ? new Known(known.text, ItemState.ACTIVATED, false, Optional.empty())
                        : new Known(known.text, known.state, known.ended, Optional.empty()));
    }

    private void rollback(Instant to) {
        cube.time().rollback(to);
        Map<ItemId, Known> then = at(to);
        Set<ItemId> odd = new HashSet<>();
        now.replaceAll((id, known) -> {
            Known target = Optional.ofNullable(then.get(id))
                    .map(this::withoutLost)
                    .orElse(known.isAway() ? known : known.in(ItemState.ARCHIVED));
            boolean frozen = known.state == ItemState.FROZEN;
            if (frozen || !target.equals(then.get(id))) {
                odd.add(id);
            }
            return frozen ? known : target;
        });
        then.forEach((id, known) ->
                assertThat(odd.contains(id) || known.equals(now.get(id))).isTrue());
    }

    private void rollback(ItemId id, Instant to) {
        Optional<Known> then = Optional.ofNullable(at(to).get(id));
        if (!isFrozen(id) && then.isPresent()) {
            cube.time().rollback(id, to);
            now.put(id, withoutLost(then.get()));
        }
    }

    /** An item whose successor was erased since is recalled again. */
    private Known withoutLost(Known then) {
        return then.successor.isEmpty() || now.containsKey(then.successor.get())
                ? then
                : new Known(then.text, then.isAway() ? ItemState.ACTIVATED : then.state, false, Optional.empty());
    }

    private record Shown(String text, ItemState state, boolean ended) {
        static Shown of(Known known) {
            return new Shown(known.text, known.state, known.ended);
        }

        static Shown of(MemoryItem item) {
            return new Shown(item.text(), item.state(), item.times().validTo().isPresent());
        }
    }

    private void check(Instant instant) {
        CubeView view = cube.time().recordedAt(instant);
        Map<ItemId, Shown> expected = new LinkedHashMap<>();
        at(instant).forEach((id, known) -> expected.put(id, Shown.of(known)));
        Map<ItemId, Shown> shown = new LinkedHashMap<>();
        view.list(ListRequest.first().limit(1_000)).items().forEach(item -> shown.put(item.id(), Shown.of(item)));
        assertThat(shown).containsExactlyEntriesOf(expected);
        expected.forEach((id, item) -> assertThat(view.get(id).map(Shown::of)).contains(item));
        if (instant.equals(clock.instant())) {
            now.forEach((id, known) -> assertThat(cube.supersessions(id).stream()
                            .filter(each -> each.former().equals(id))
                            .map(SupersessionRecord::successor)
                            .findFirst())
                    .isEqualTo(known.successor));
        }
        checkDiff(instant, someInstant());
    }

    private void checkDiff(Instant from, Instant to) {
        Map<ItemId, Known> before = at(from);
        Map<ItemId, Known> after = at(to);
        Set<ItemId> expected = new HashSet<>();
        now.keySet().forEach(id -> {
            Optional<Shown> a = Optional.ofNullable(before.get(id)).map(Shown::of);
            Optional<Shown> b = Optional.ofNullable(after.get(id)).map(Shown::of);
            if (!a.equals(b)) {
                expected.add(id);
            }
        });
        assertThat(cube.time().diff(from, to).stream()
                        .filter(change -> !change.before()
                                .map(Shown::of)
                                .equals(change.after().map(Shown::of)))
                        .map(ItemChange::id))
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    /** Whatever was recalled at some instant is found there by its word. */
    private void checkSearch() {
        for (int i = 0; i < 10; i++) {
            Instant instant = someInstant();
            CubeView view = cube.time().recordedAt(instant);
            at(instant).forEach((id, known) -> {
                String word = known.text.split(" ")[1];
                List<String> found = view.search(word).hits().stream()
                        .map(hit -> hit.item().text())
                        .toList();
                if (known.state.isRecalled()) {
                    assertThat(found).contains(known.text);
                } else {
                    assertThat(found).doesNotContain(known.text);
                }
            });
        }
    }
}
