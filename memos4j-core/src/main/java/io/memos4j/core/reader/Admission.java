package io.memos4j.core.reader;

import io.memos4j.api.AddResult.Added;
import io.memos4j.api.AddResult.Outcome;
import io.memos4j.api.ItemId;
import io.memos4j.api.ItemState;
import io.memos4j.api.ItemType;
import io.memos4j.api.MemoryItem;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.StoredItem;
import io.memos4j.spi.VaultReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Decides for each draft whether it is new, was stored before, or only echoes returned context.
 *
 * <p>A dated input is a repetition if the same content with the same date is in the cube. An undated one has nothing that tells a
 * repetition from saying it again, so it counts as repeated only where the beginning of the batch continues to be equal to the end
 * of its session: that is what clients do that send their whole history, or a sliding window of it, with every call. Somebody who
 * says the same again later, after something else, is heard.
 */
public final class Admission {
    /** How far back a session is compared with a batch. */
    private static final int WINDOW = 1_000;

    /** A single undated message is taken for a repetition only if it is at least this long; "ok" may be said twice. */
    private static final int TELLING = 24;

    private final RecentContext recent;

    public Admission(RecentContext recent) {
        this.recent = recent;
    }

    /**
     * The decision on a request.
     *
     * @param added one entry a draft, in order
     * @param fresh what is to be stored
     */
    public record Decision(List<Added> added, List<StoredItem> fresh) {}

    public Decision decide(VaultReader vault, CubeKey cube, List<Draft> drafts) {
        Map<Draft, ItemId> repeated = repeatedUndated(vault, cube, drafts);
        Map<String, ItemId> known = new HashMap<>(vault.known(
                cube,
                drafts.stream()
                        .filter(Draft::timed)
                        .map(draft -> draft.item().fingerprint())
                        .toList()));
        List<Added> added = new ArrayList<>(drafts.size());
        List<StoredItem> fresh = new ArrayList<>(drafts.size());
        for (Draft draft : drafts) {
            StoredItem item = draft.item();
            ItemId earlier = draft.timed() ? known.get(item.fingerprint()) : repeated.get(draft);
            if (earlier != null) {
                added.add(new Added(draft.input(), earlier, Outcome.DUPLICATE));
                continue;
            }
            Outcome outcome = outcome(cube, draft);
            fresh.add(outcome == Outcome.ADDED ? item : archived(item, outcome));
            added.add(new Added(draft.input(), item.item().id(), outcome));
            if (draft.timed()) {
                known.put(item.fingerprint(), item.item().id());
            }
        }
        return new Decision(added, fresh);
    }

    private static Map<Draft, ItemId> repeatedUndated(VaultReader vault, CubeKey cube, List<Draft> drafts) {
        Map<String, List<Draft>> bySession = new LinkedHashMap<>();
        for (Draft draft : drafts) {
            if (!draft.timed()) {
                bySession
                        .computeIfAbsent(draft.session(), session -> new ArrayList<>())
                        .add(draft);
            }
        }
        Map<Draft, ItemId> repeated = new HashMap<>();
        bySession.forEach((session, batch) -> {
            List<Map.Entry<String, ItemId>> tail =
                    vault.tail(cube, session, WINDOW).reversed();
            int overlap = overlap(tail, batch);
            if (overlap == 1 && batch.getFirst().item().item().text().length() < TELLING) {
                return;
            }
            for (int i = 0; i < overlap; i++) {
                repeated.put(batch.get(i), tail.get(tail.size() - overlap + i).getValue());
            }
        });
        return repeated;
    }

    /** The largest n for which the last n of {@code tail} equal the first n of {@code batch}. */
    private static int overlap(List<Map.Entry<String, ItemId>> tail, List<Draft> batch) {
        for (int n = Math.min(tail.size(), batch.size()); n > 0; n--) {
            int from = tail.size() - n;
            int i = 0;
            while (i < n
                    && tail.get(from + i).getKey().equals(batch.get(i).item().fingerprint())) {
                i++;
            }
            if (i == n) {
                return n;
            }
        }
        return 0;
    }

    private Outcome outcome(CubeKey cube, Draft draft) {
        MemoryItem item = draft.item().item();
        return switch (draft.wish().kind()) {
            case OFF_THE_RECORD -> Outcome.WITHHELD;
            case FORGET -> Outcome.HEEDED;
            case NONE ->
                item.type() == ItemType.MESSAGE && recent.isEcho(cube, item.text()) ? Outcome.ECHO : Outcome.ADDED;
        };
    }

    private static StoredItem archived(StoredItem stored, Outcome why) {
        return stored.with(
                stored.item().withState(ItemState.ARCHIVED), why.name().toLowerCase(Locale.ROOT));
    }
}
