package io.memos4j.core.ingest;

import io.memos4j.api.ItemId;
import io.memos4j.api.items.AddResult.Added;
import io.memos4j.api.items.AddResult.Outcome;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.core.language.MemoryCommand.Kind;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.items.FingerprintedItem;
import io.memos4j.spi.items.StoredItem;
import io.memos4j.spi.vault.VaultReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Decides for each input whether it is new, was stored before, or only echoes returned context.
 *
 * <p>A dated input is a repetition if the same content with the same date is in the cube. Undated ones cannot be told
 * from something said twice, so they count as repetitions only where the beginning of the batch equals the end of its
 * session: clients that send their whole history, or a sliding window of it, with every call do that. Saying the same
 * again later, after something else, is no repetition.
 */
public final class DuplicateDetector {
    /** The most items of a session that are compared with a batch. */
    private static final int WINDOW = 1_000;

    /** The shortest single undated message that counts as a repetition; "ok" may be said twice. */
    private static final int MIN_REPEATED_LENGTH = 24;

    private final ContextEchoDetector echoes;

    public DuplicateDetector(ContextEchoDetector echoes) {
        this.echoes = echoes;
    }

    /**
     * The decision on a request.
     *
     * @param added one entry per input, in order
     * @param fresh the items to store
     */
    public record Decision(List<Added> added, List<StoredItem> fresh) {}

    public Decision classify(VaultReader vault, CubeKey cube, List<ParsedInput> drafts, Set<ParsedInput> heeded) {
        Map<ParsedInput, ItemId> repeated = repeatedUndated(vault, cube, drafts);
        Map<String, ItemId> known = new HashMap<>(vault.findByFingerprint(
                cube,
                drafts.stream()
                        .filter(ParsedInput::timed)
                        .map(draft -> draft.item().fingerprint())
                        .toList()));
        List<Added> added = new ArrayList<>(drafts.size());
        List<StoredItem> fresh = new ArrayList<>(drafts.size());
        for (ParsedInput draft : drafts) {
            StoredItem item = draft.item();
            ItemId earlier = draft.timed() ? known.get(item.fingerprint()) : repeated.get(draft);
            if (earlier != null) {
                added.add(new Added(draft.input(), earlier, Outcome.DUPLICATE));
                continue;
            }
            Outcome outcome = outcome(cube, draft, heeded);
            boolean kept = outcome == Outcome.ADDED || item.item().authorship().isSuspected();
            fresh.add(kept ? item : archived(item, outcome));
            added.add(new Added(draft.input(), item.item().id(), outcome));
            if (draft.timed()) {
                known.put(item.fingerprint(), item.item().id());
            }
        }
        return new Decision(added, fresh);
    }

    private static Map<ParsedInput, ItemId> repeatedUndated(VaultReader vault, CubeKey cube, List<ParsedInput> drafts) {
        Map<String, List<ParsedInput>> bySession = new LinkedHashMap<>();
        for (ParsedInput draft : drafts) {
            if (!draft.timed()) {
                bySession
                        .computeIfAbsent(draft.session(), session -> new ArrayList<>())
                        .add(draft);
            }
        }
        Map<ParsedInput, ItemId> repeated = new HashMap<>();
        bySession.forEach((session, batch) -> {
            List<FingerprintedItem> tail =
                    vault.recentFingerprints(cube, session, WINDOW).reversed();
            int overlap = overlap(tail, batch);
            if (overlap == 1 && batch.getFirst().item().item().text().length() < MIN_REPEATED_LENGTH) {
                return;
            }
            for (int i = 0; i < overlap; i++) {
                repeated.put(batch.get(i), tail.get(tail.size() - overlap + i).item());
            }
        });
        return repeated;
    }

    /** Returns the largest n for which the last n of {@code tail} equal the first n of {@code batch}. */
    private static int overlap(List<FingerprintedItem> tail, List<ParsedInput> batch) {
        for (int n = Math.min(tail.size(), batch.size()); n > 0; n--) {
            int from = tail.size() - n;
            int i = 0;
            while (i < n
                    && tail.get(from + i)
                            .fingerprint()
                            .equals(batch.get(i).item().fingerprint())) {
                i++;
            }
            if (i == n) {
                return n;
            }
        }
        return 0;
    }

    private Outcome outcome(CubeKey cube, ParsedInput draft, Set<ParsedInput> heeded) {
        MemoryItem item = draft.item().item();
        if (draft.command().kind() == Kind.OFF_THE_RECORD) {
            return Outcome.WITHHELD;
        }
        if (heeded.contains(draft)) {
            return Outcome.HEEDED;
        }
        if (item.type() == ItemType.MESSAGE && echoes.isEcho(cube, item.text())) {
            return Outcome.ECHO;
        }
        return InputParser.tellsNothing(item) || item.authorship().isSuspected() ? Outcome.NOT_RECALLED : Outcome.ADDED;
    }

    private static StoredItem archived(StoredItem stored, Outcome why) {
        return stored.with(
                stored.item().withState(ItemState.ARCHIVED), why.name().toLowerCase(Locale.ROOT));
    }
}
