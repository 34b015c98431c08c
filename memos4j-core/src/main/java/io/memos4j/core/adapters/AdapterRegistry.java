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

/** The adapters of cubes and their states. Every move is a step in the history, with its actor. Thread-safe. */
public final class AdapterRegistry {
    private final Vault vault;
    private final InstantSource clock;
    private final Consumer<CubeKey> moved;

    /** @param moved told of the cube after an adapter of it may have come out of use */
    AdapterRegistry(Vault vault, InstantSource clock, Consumer<CubeKey> moved) {
        this.vault = vault;
        this.clock = clock;
        this.moved = moved;
    }

    /** What an adapter was taught, as it was then. */
    public List<MemoryItem> taughtItems(CubeKey cube, Adapter adapter) {
        return vault.read(reader -> adapter.taught().stream()
                .flatMap(source -> itemAtTraining(reader, cube, source).stream())
                .toList());
    }

    /** An item as it was when it was taught; empty if it was erased. */
    static Optional<MemoryItem> itemAtTraining(VaultReader reader, CubeKey cube, Adapter.Source source) {
        return reader.versions(cube, source.item()).stream()
                .map(ItemVersion::item)
                .filter(item -> item.version() == source.version())
                .findFirst();
    }

    /** What the version before this one was taught and has been erased since. */
    Set<ItemId> erasedSources(CubeKey cube, AdapterId id) {
        return vault.read(reader -> reader.adapters().of(cube).stream()
                .filter(former -> former.id().next().equals(id))
                .flatMap(former -> former.taught().stream())
                .filter(source -> itemAtTraining(reader, cube, source).isEmpty())
                .map(Adapter.Source::item)
                .collect(Collectors.toSet()));
    }

    /** Puts a version to use. */
    public Adapter activate(CubeKey cube, AdapterId id) {
        boolean done = write(writer -> {
            Adapter adapter = require(writer, cube, id);
            rejectionReason(writer, cube, adapter).ifPresent(why -> {
                throw new MemoryException(ErrorCode.ADAPTER_REFUSED, id + " cannot be used: " + why);
            });
            return writer.adapters().move(cube, id, AdapterState.ACTIVE, "It was asked for.", clock.instant());
        });
        if (!done) {
            throw new MemoryException(ErrorCode.ADAPTER_REFUSED, id + " cannot be used: its state does not allow it.");
        }
        moved.accept(cube);
        return require(cube, id);
    }

    /** Why a version must not be used; empty if it may. */
    private Optional<String> rejectionReason(VaultReader reader, CubeKey cube, Adapter adapter) {
        if (!reader.adapters().policy(cube).consent()) {
            return Optional.of("the owner has not agreed that memories are taught.");
        }
        if (adapter.state() == AdapterState.SUSPENDED) {
            return Optional.of("it is suspended. " + adapter.why());
        }
        if (adapter.artifact().isEmpty()) {
            return Optional.of("its bytes were erased, because something that it was taught was.");
        }
        if (adapter.evaluation().isEmpty()) {
            return Optional.of("it was not examined. Evaluate it first.");
        }
        if (!adapter.evaluation().orElseThrow().passed()) {
            return Optional.of("it has not passed its examination. "
                    + String.join(" ", adapter.evaluation().orElseThrow().reasons()));
        }
        return reader.adapters().areSourcesUnchanged(cube, adapter.taught())
                ? Optional.empty()
                : Optional.of("something that it was taught has changed since. Train it anew.");
    }

    /** Puts the version before the one in use to use. */
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
                            "There is no earlier version of " + name + " that may be used."));
        });
        return activate(cube, former);
    }

    /** Takes a version out of use. */
    public Adapter retire(CubeKey cube, AdapterId id, String why) {
        write(writer -> {
            require(writer, cube, id);
            return writer.adapters().move(cube, id, AdapterState.RETIRED, why, clock.instant());
        });
        moved.accept(cube);
        return require(cube, id);
    }

    /** Says what may be taught; without consent everything is retired. */
    public void setPolicy(CubeKey cube, LearningPolicy policy) {
        write(writer -> {
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
                                        "The owner no longer agrees that memories are taught.",
                                        clock.instant()));
            }
            return true;
        });
        moved.accept(cube);
    }

    /** A version that must be there. */
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
