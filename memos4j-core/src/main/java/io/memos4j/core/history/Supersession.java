package io.memos4j.core.history;

import io.memos4j.api.ItemId;
import io.memos4j.api.history.ChangeReason;
import io.memos4j.api.history.SupersessionRecord;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Role;
import io.memos4j.core.clock.MonotonicClock;
import io.memos4j.core.ingest.ContentFingerprint;
import io.memos4j.core.ingest.InputParser;
import io.memos4j.core.language.AssertionDetector;
import io.memos4j.core.language.AttributeStatement;
import io.memos4j.core.language.Reliability;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.items.ClaimedValue;
import io.memos4j.spi.items.SessionNeighbors;
import io.memos4j.spi.items.StoredItem;
import io.memos4j.spi.vault.VaultReader;
import io.memos4j.spi.vault.VaultWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Supersedes a memory by another: the former gets an archived version, which ends when the successor begins, and a
 * record of the reason. Nothing is removed; {@link #reinstate} undoes it. Works inside the caller's transaction.
 * Thread-safe.
 *
 * <p>Without a model, only plain cases are decided: a text that is one asserted {@link AttributeStatement} about an
 * attribute with one value at a time, and gives it another value of its kind. A text that calls itself unreliable, or
 * is said in a game or an exercise, supersedes nothing, and frozen items are never superseded.
 */
public final class Supersession {
    /** The cause of a version that a user reinstated. */
    public static final String REINSTATED = "reinstated";

    /** The prefix of the cause of a superseded version. */
    public static final String SUPERSEDED = "superseded by ";

    /** The reason of a succession by {@link #ends}. */
    public static final ChangeReason SAME_ATTRIBUTE = ChangeReason.of("same-attribute", 0.95);

    private static final ChangeReason ENDED = ChangeReason.of("said-to-have-ended", 0.9);
    private static final ChangeReason DUPLICATE = ChangeReason.of("duplicate", 0.95);
    private static final ChangeReason TAKEN_BACK = ChangeReason.of("taken-back", 0.9);
    private static final ChangeReason SUCCESSOR_ERASED = ChangeReason.of("successor-erased", 1);
    private static final String SAYS_THE_SAME = "says the same";

    /** The turns of a session before a statement that may say that it is not meant. */
    private static final int TURNS_BACK = 3;

    /** Longer turns of a user than this open no game in which instructions are not meant. */
    private static final int LONGEST_OPENING = 300;

    private final MonotonicClock clock;

    /** @param clock the time of recording */
    public Supersession(MonotonicClock clock) {
        this.clock = clock;
    }

    /**
     * Reads what new items may change, by item: what they say of an attribute, and whether they take back the turn
     * before. Takes long for many texts, so it is done before the transaction. Items without effect are left out.
     */
    public static Map<ItemId, Effect> readEffects(Stream<MemoryItem> items) {
        Map<ItemId, Effect> effects = new HashMap<>();
        items.forEach(item -> {
            Effect effect = new Effect(
                    item.type() == ItemType.MESSAGE && AssertionDetector.takesBack(item.text()),
                    InputParser.parseStatement(item));
            if ((effect.takesBack || effect.statement.isPresent())
                    && Reliability.assess(item.text()) != Reliability.UNVERIFIED) {
                effects.put(item.id(), effect);
            }
        });
        return effects;
    }

    /**
     * The effect that an item may have on others.
     *
     * @param takesBack whether it takes back the turn before
     */
    public record Effect(boolean takesBack, Optional<AttributeStatement> statement) {}

    /**
     * Supersedes items whose attribute has another value in these, which were inserted in this order, or the other way
     * around.
     *
     * @param effects of these items, from {@link #readEffects}
     */
    public void supersede(VaultWriter writer, CubeKey cube, List<StoredItem> inserted, Map<ItemId, Effect> effects) {
        Set<ItemId> later = new HashSet<>();
        inserted.forEach(stored -> later.add(stored.item().id()));
        for (StoredItem stored : inserted) {
            later.remove(stored.item().id());
            MemoryItem item = stored.item();
            Effect effect = effects.get(item.id());
            if (effect != null && item.state() == ItemState.ACTIVATED) {
                if (effect.takesBack) {
                    takeBack(writer, cube, item);
                }
                effect.statement
                        .filter(statement -> !isPretended(writer, cube, item))
                        .ifPresent(statement -> supersede(writer, cube, new Claimed(item, statement), later));
            }
        }
    }

    private record Claimed(MemoryItem item, AttributeStatement statement) {}

    private void supersede(VaultWriter writer, CubeKey cube, Claimed claimed, Set<ItemId> later) {
        MemoryItem item = claimed.item;
        List<ItemId> others = writer.findClaims(cube, ContentFingerprint.of(claimed.statement.key())).stream()
                .map(ClaimedValue::item)
                .filter(id -> !id.equals(item.id()) && !later.contains(id))
                .toList();
        for (MemoryItem other : writer.items(cube, others)) {
            Optional<AttributeStatement> said = InputParser.parseStatement(other);
            if (said.isEmpty()) {
                continue;
            }
            if (item.times().occurredAt().isBefore(other.times().occurredAt())) {
                if (said.get().ends(claimed.statement, other.text())) {
                    retire(
                            writer,
                            cube,
                            item,
                            successionOf(item, other, "a later statement was there already"),
                            SAME_ATTRIBUTE);
                    return;
                }
            } else if (claimed.statement.ends(said.get(), item.text())) {
                boolean ended = claimed.statement.ended();
                String reason = ended ? "said to hold no longer" : "the same attribute got another value";
                retire(writer, cube, other, successionOf(other, item, reason), ended ? ENDED : SAME_ATTRIBUTE);
            }
        }
    }

    /**
     * Returns new items, in their order, without the standing statements of those that are said in a game or an
     * exercise.
     */
    public static List<StoredItem> withoutPretended(VaultReader reader, CubeKey cube, List<StoredItem> items) {
        List<StoredItem> meant = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            StoredItem stored = items.get(i);
            boolean pretended = !stored.item().standing().isEmpty()
                    && turnsBefore(reader, cube, items.subList(0, i), stored.item())
                            .filter(turn -> turn.origin().role() == Role.USER
                                    && turn.text().length() <= LONGEST_OPENING)
                            .anyMatch(turn -> AssertionDetector.opensPretense(turn.text()));
            meant.add(pretended ? stored.with(stored.item().withStanding(Set.of()), stored.cause()) : stored);
        }
        return meant;
    }

    /** The last turns of the session before a new item: those of the same request, then those that are stored. */
    private static Stream<MemoryItem> turnsBefore(
            VaultReader reader, CubeKey cube, List<StoredItem> before, MemoryItem item) {
        String session = item.origin().session();
        List<MemoryItem> turns = new ArrayList<>();
        for (int i = before.size() - 1; i >= 0 && turns.size() < TURNS_BACK; i--) {
            MemoryItem turn = before.get(i).item();
            if (turn.origin().session().equals(session)) {
                turns.add(turn);
            }
        }
        if (turns.size() < TURNS_BACK && !session.isEmpty()) {
            turns.addAll(reader.list(
                            cube,
                            ListRequest.first()
                                    .where(Filter.session(session))
                                    .sortedBy(ListRequest.Sort.NEWEST)
                                    .limit(TURNS_BACK))
                    .items());
        }
        return turns.stream().limit(TURNS_BACK);
    }

    /** Returns whether one of the last turns of the session opens a game, an exercise or a text that is not meant. */
    private static boolean isPretended(VaultReader reader, CubeKey cube, MemoryItem item) {
        Optional<MemoryItem> before = turnBefore(reader, cube, item.id());
        for (int i = 0; i < TURNS_BACK && before.isPresent(); i++) {
            if (AssertionDetector.opensPretense(before.get().text())) {
                return true;
            }
            before = turnBefore(reader, cube, before.get().id());
        }
        return false;
    }

    private static Optional<MemoryItem> turnBefore(VaultReader reader, CubeKey cube, ItemId id) {
        return Optional.ofNullable(reader.sessionNeighbors(cube, List.of(id)).get(id))
                .flatMap(SessionNeighbors::before)
                .flatMap(before -> reader.items(cube, List.of(before)).stream().findFirst());
    }

    /** Reinstates what the turn before superseded: this one says that it was a joke. */
    private void takeBack(VaultWriter writer, CubeKey cube, MemoryItem item) {
        turnBefore(writer, cube, item.id())
                .ifPresent(joke -> reinstateReplacedBy(
                        writer,
                        cube,
                        List.of(joke.id()),
                        "its successor was taken back",
                        TAKEN_BACK.because(item.id())));
    }

    /** Returns whether what one item says about an attribute ends what another says about it. */
    public boolean ends(MemoryItem item, MemoryItem former) {
        return InputParser.parseStatement(former)
                .flatMap(said -> InputParser.parseStatement(item).map(statement -> statement.ends(said, item.text())))
                .orElse(false);
    }

    private static SupersessionRecord successionOf(MemoryItem former, MemoryItem successor, String reason) {
        return new SupersessionRecord(
                former.id(), successor.id(), reason, successor.times().occurredAt());
    }

    /** Archives an item in favor of another that gives the same attribute another value. */
    public MemoryItem supersede(VaultWriter writer, CubeKey cube, MemoryItem former, MemoryItem current) {
        return retire(
                writer,
                cube,
                former,
                successionOf(former, current, "the same attribute got another value"),
                SAME_ATTRIBUTE);
    }

    /** Archives an item in favor of another. */
    public MemoryItem retire(
            VaultWriter writer, CubeKey cube, MemoryItem former, SupersessionRecord succession, ChangeReason reason) {
        MemoryItem retired = former.next(ItemState.ARCHIVED, Optional.of(succession.since()), clock.instant());
        String cause = SUPERSEDED + succession.successor() + ": " + succession.reason();
        writer.replace(cube, StoredItem.withUnchangedText(retired, cause).because(reason));
        writer.recordSupersession(cube, succession);
        return retired;
    }

    /**
     * Merges an item into another that says the same, together with those merged into it before. Its validity does not
     * end.
     */
    public MemoryItem merge(VaultWriter writer, CubeKey cube, MemoryItem item, MemoryItem survivor) {
        MemoryItem merged = item.next(ItemState.MERGED, item.times().validTo(), clock.instant());
        writer.replace(
                cube,
                StoredItem.withUnchangedText(merged, "says the same as " + survivor.id())
                        .because(DUPLICATE));
        Instant since = survivor.times().occurredAt();
        findMerged(writer, cube, List.of(item.id()))
                .getOrDefault(item.id(), List.of())
                .forEach(earlier -> writer.recordSupersession(
                        cube, new SupersessionRecord(earlier, survivor.id(), SAYS_THE_SAME, since)));
        writer.recordSupersession(cube, new SupersessionRecord(item.id(), survivor.id(), SAYS_THE_SAME, since));
        return merged;
    }

    /** The items that were merged into these, by survivor. */
    public static Map<ItemId, List<ItemId>> findMerged(VaultReader reader, CubeKey cube, Collection<ItemId> survivors) {
        Set<ItemId> given = Set.copyOf(survivors);
        Map<ItemId, ItemId> survivorOf = new LinkedHashMap<>();
        reader.supersessions(cube, survivors).stream()
                .filter(each -> given.contains(each.successor()))
                .forEach(each -> survivorOf.put(each.former(), each.successor()));
        Map<ItemId, List<ItemId>> merged = new HashMap<>();
        reader.items(cube, survivorOf.keySet()).stream()
                .filter(item -> item.state() == ItemState.MERGED)
                .forEach(item -> Optional.ofNullable(survivorOf.get(item.id()))
                        .ifPresent(survivor -> merged.computeIfAbsent(survivor, id -> new ArrayList<>())
                                .add(item.id())));
        return merged;
    }

    /**
     * Undoes a succession or an expiry: the item is valid again without an end, and without a time to live that has
     * ended.
     */
    public MemoryItem reinstate(VaultWriter writer, CubeKey cube, MemoryItem former) {
        return reinstate(writer, cube, former, REINSTATED, ChangeReason.BY_CALLER);
    }

    private MemoryItem reinstate(
            VaultWriter writer, CubeKey cube, MemoryItem former, String cause, ChangeReason reason) {
        StateTransitions.require(former, ItemState.ACTIVATED, StateTransitions.Trigger.REINSTATEMENT);
        ItemState state = former.authorship().isSuspected() ? ItemState.GENERATED : ItemState.ACTIVATED;
        Instant time = clock.instant();
        Optional<Instant> expiry = former.times().expiresAt().filter(clock.present()::isBefore);
        MemoryItem restored = former.next(state, Optional.empty(), time).expiring(expiry);
        writer.replace(cube, StoredItem.withUnchangedText(restored, cause).because(reason));
        writer.removeSupersession(cube, former.id());
        return restored;
    }

    /** Reinstates the items superseded by these, which are about to be erased. */
    public void reinstateReplacedBy(VaultWriter writer, CubeKey cube, Collection<ItemId> erased) {
        reinstateReplacedBy(writer, cube, erased, "its successor was erased", SUCCESSOR_ERASED);
    }

    private void reinstateReplacedBy(
            VaultWriter writer, CubeKey cube, Collection<ItemId> erased, String cause, ChangeReason reason) {
        Set<ItemId> gone = Set.copyOf(erased);
        List<ItemId> formers = writer.supersessions(cube, erased).stream()
                .filter(each -> gone.contains(each.successor()) && !gone.contains(each.former()))
                .map(SupersessionRecord::former)
                .toList();
        writer.items(cube, formers).stream()
                .filter(item -> !item.state().isRecalled() && item.state() != ItemState.FORGOTTEN)
                .filter(item -> !item.isExpiredAt(clock.present()))
                .forEach(item -> reinstate(writer, cube, item, cause, reason));
    }
}
