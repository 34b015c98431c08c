package io.memos4j.core.adapters;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.adapters.Adapter;
import io.memos4j.api.adapters.AdapterId;
import io.memos4j.api.adapters.AdapterState;
import io.memos4j.api.adapters.LearningPolicy;
import io.memos4j.api.history.ItemVersion;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.vault.Vault;
import io.memos4j.spi.vault.VaultReader;
import io.memos4j.spi.vault.VaultWriter;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The adapter versions of cubes and their states. Each state change is recorded in the history with its actor.
 * Thread-safe.
 */
public final class AdapterRegistry {
    private final Vault vault;
    private final InstantSource clock;
    private final Consumer<CubeKey> moved;

    /** @param moved takes the cube after one of its adapters may have become inactive */
    AdapterRegistry(Vault vault, InstantSource clock, Consumer<CubeKey> moved) {
        this.vault = vault;
        this.clock = clock;
        this.moved = moved;
    }

    /** Returns the items that an adapter was taught, as they were then; deleted ones are missing. */
    public List<MemoryItem> taughtItems(CubeKey cube, Adapter adapter) {
        return vault.read(reader -> adapter.taught().stream()
                .flatMap(source -> itemAtTraining(reader, cube, source).stream())
                .toList());
    }

    /** Returns an item as it was when it was trained; empty if it was deleted. */
    static Optional<MemoryItem> itemAtTraining(VaultReader reader, CubeKey cube, Adapter.Source source) {
        return reader.versions(cube, source.item()).stream()
                .map(ItemVersion::item)
                .filter(item -> item.version() == source.version())
                .findFirst();
    }

    /** Returns the items of the previous version that were deleted since. */
    Set<ItemId> erasedSources(CubeKey cube, AdapterId id) {
        return vault.read(reader -> reader.adapters().of(cube).stream()
                .filter(former -> former.id().next().equals(id))
                .flatMap(former -> former.taught().stream())
                .filter(source -> itemAtTraining(reader, cube, source).isEmpty())
                .map(Adapter.Source::item)
                .collect(Collectors.toSet()));
    }

    /** Activates a version. */
    public Adapter activate(CubeKey cube, AdapterId id) {
        boolean activated = write(writer -> {
            Adapter adapter = require(writer, cube, id);
            rejectionReason(writer, cube, adapter).ifPresent(why -> {
                throw new MemoryException(ErrorCode.ADAPTER_REFUSED, id + " cannot be activated: " + why);
            });
            return writer.adapters()
                    .move(cube, id, AdapterState.ACTIVE, "It was activated by request.", clock.instant());
        });
        if (!activated) {
            throw new MemoryException(
                    ErrorCode.ADAPTER_REFUSED, id + " cannot be activated: its state does not allow it.");
        }
        moved.accept(cube);
        return require(cube, id);
    }

    /** Returns the reason why a version must not be active, if there is one. */
    private Optional<String> rejectionReason(VaultReader reader, CubeKey cube, Adapter adapter) {
        if (!reader.adapters().policy(cube).consent()) {
            return Optional.of("the owner has not consented to training.");
        }
        if (adapter.state() == AdapterState.SUSPENDED) {
            return Optional.of("it is suspended. " + adapter.why());
        }
        if (adapter.artifact().isEmpty()) {
            return Optional.of("its files were deleted with one of its source memories.");
        }
        if (adapter.evaluation().isEmpty()) {
            return Optional.of("it was not evaluated. Evaluate it first.");
        }
        if (!adapter.evaluation().orElseThrow().passed()) {
            return Optional.of("it did not pass the evaluation. "
                    + String.join(" ", adapter.evaluation().orElseThrow().reasons()));
        }
        return reader.adapters().areSourcesUnchanged(cube, adapter.taught())
                ? Optional.empty()
                : Optional.of("one of its source memories has changed since. Train it again.");
    }

    /** Activates the latest usable version before the active one. */
    public Adapter rollback(CubeKey cube, String name) {
        AdapterId former = vault.read(reader -> {
            List<Adapter> versions = reader.adapters().of(cube).stream()
                    .filter(adapter -> adapter.id().name().equals(name))
                    .toList();
            if (versions.isEmpty()) {
                throw notFound("no adapter named '" + name + "'");
            }
            int used = versions.stream()
                    .filter(adapter -> adapter.state() == AdapterState.ACTIVE)
                    .map(adapter -> adapter.id().version())
                    .findFirst()
                    .orElse(Integer.MAX_VALUE);
            return versions.stream()
                    .filter(adapter -> adapter.id().version() < used
                            && rejectionReason(reader, cube, adapter).isEmpty())
                    .map(Adapter::id)
                    .findFirst()
                    .orElseThrow(() -> new MemoryException(
                            ErrorCode.ADAPTER_REFUSED,
                            "There is no earlier version of " + name + " that can be activated."));
        });
        return activate(cube, former);
    }

    /** Retires a version. */
    public Adapter retire(CubeKey cube, AdapterId id, String why) {
        write(writer -> {
            require(writer, cube, id);
            return writer.adapters().move(cube, id, AdapterState.RETIRED, why, clock.instant());
        });
        moved.accept(cube);
        return require(cube, id);
    }

    /** Sets the policy of a cube; without consent all its adapters are retired. */
    public void setPolicy(CubeKey cube, LearningPolicy policy, TransactionRunner transactions) {
        transactions.run(writer -> {
            writer.adapters().policy(cube, policy);
            if (!policy.consent()) {
                writer.adapters().of(cube).stream()
                        .filter(adapter ->
                                adapter.state() != AdapterState.SUSPENDED && adapter.state() != AdapterState.RETIRED)
                        .forEach(adapter -> writer.adapters()
                                .move(
                                        cube,
                                        adapter.id(),
                                        AdapterState.RETIRED,
                                        "The owner has withdrawn consent to training.",
                                        clock.instant()));
            }
            return true;
        });
        moved.accept(cube);
    }

    /** Returns a version; fails if it does not exist. */
    public Adapter require(CubeKey cube, AdapterId id) {
        return vault.read(reader -> require(reader, cube, id));
    }

    private static Adapter require(VaultReader reader, CubeKey cube, AdapterId id) {
        return reader.adapters().find(cube, id).orElseThrow(() -> notFound("no adapter " + id));
    }

    private static MemoryException notFound(String what) {
        return new MemoryException(ErrorCode.ADAPTER_NOT_FOUND, "There is " + what + " in this cube.");
    }

    private boolean write(Predicate<VaultWriter> step) {
        return vault.<Boolean>write(step::test);
    }
}
