package io.memos4j.core.consolidation;

import io.memos4j.api.ItemId;
import io.memos4j.api.history.ItemVersion;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.core.history.Supersession;
import io.memos4j.core.language.Reliability;
import io.memos4j.core.tasks.TaskHandler;
import io.memos4j.core.tasks.TaskOutcome;
import io.memos4j.core.tasks.TaskRun;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.vault.Vault;
import io.memos4j.spi.vault.VaultReader;
import io.memos4j.spi.vault.VaultWriter;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Resolves conflicting values of an attribute, as after a merge of cubes: the latest statement supersedes the others.
 * Statements that call themselves unreliable supersede nothing, and those that a user has reinstated stay. Thread-safe.
 */
public final class ReconcileTask implements TaskHandler {
    /** Attributes per commit. */
    private static final int SLICE = 100;

    private final Vault vault;
    private final Supersession supersession;

    public ReconcileTask(Vault vault, Supersession supersession) {
        this.vault = vault;
        this.supersession = supersession;
    }

    @Override
    public TaskOutcome run(TaskRun run) {
        CubeKey cube = run.cube().key();
        int retired = 0;
        String after = "";
        while (true) {
            String from = after;
            List<String> disputed = vault.read(reader -> reader.contestedKeys(cube, from, SLICE));
            if (disputed.isEmpty()) {
                return TaskOutcome.done(retired + " former values archived");
            }
            retired += run.commit(writer -> disputed.stream()
                    .mapToInt(key -> resolve(writer, cube, key))
                    .sum());
            after = disputed.getLast();
        }
    }

    private int resolve(VaultWriter writer, CubeKey cube, String key) {
        Map<ItemId, String> values = new HashMap<>();
        writer.findClaims(cube, key).forEach(each -> values.put(each.item(), each.value()));
        List<MemoryItem> claimants = writer.items(cube, values.keySet()).stream()
                .sorted(Comparator.comparing((MemoryItem item) -> item.times().occurredAt())
                        .thenComparing(MemoryItem::id))
                .toList();
        Optional<MemoryItem> current = claimants.reversed().stream()
                .filter(item -> Reliability.assess(item.text()) != Reliability.UNVERIFIED)
                .findFirst();
        if (current.isEmpty()) {
            return 0;
        }
        int retired = 0;
        for (MemoryItem item : claimants) {
            boolean other = !Objects.equals(
                    values.get(item.id()), values.get(current.get().id()));
            boolean earlier =
                    !item.times().occurredAt().isAfter(current.get().times().occurredAt());
            if (other && earlier && supersession.ends(current.get(), item) && !wasReinstated(writer, cube, item.id())) {
                supersession.supersede(writer, cube, item, current.get());
                retired++;
            }
        }
        return retired;
    }

    /** Returns whether a user has reinstated the item, or undone its succession, since it was last superseded. */
    static boolean wasReinstated(VaultReader reader, CubeKey cube, ItemId id) {
        boolean reinstated = false;
        for (ItemVersion version : reader.versions(cube, id)) {
            reinstated = version.cause().equals(Supersession.REINSTATED)
                    || version.reason().undoes().isPresent()
                    || reinstated && !version.cause().startsWith(Supersession.SUPERSEDED);
        }
        return reinstated;
    }
}
