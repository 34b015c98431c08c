package io.memos4j.core.tasks;

import io.memos4j.api.Actor;
import io.memos4j.spi.vault.Vault;
import io.memos4j.spi.vault.VaultReader;
import io.memos4j.spi.vault.VaultWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A vault that gives a signal after each write: whatever is written may have asked for a task, and nobody else needs to
 * say so. It also knows in whose name a thread writes that does not say so itself, and what else follows from a write.
 */
public final class NotifyingVault implements Vault {
    private final Vault vault;
    private final ChangeSignal signal;
    private final Supplier<Actor> actor;
    private volatile CommitHook after = writer -> Optional.empty();

    /** What follows from a write. */
    @FunctionalInterface
    public interface CommitHook {
        /** Looks at a transaction at its end; what it answers is run when the write is durable, before it returns. */
        Optional<Runnable> of(VaultWriter writer);
    }

    private record Written<T>(T result, Optional<Runnable> after) {}

    /** Everybody writes in the name of the {@link Actor#USER} but who names somebody else. */
    public NotifyingVault(Vault vault, ChangeSignal signal) {
        this(vault, signal, () -> Actor.USER);
    }

    /** @param actor in whose name the current thread writes */
    public NotifyingVault(Vault vault, ChangeSignal signal, Supplier<Actor> actor) {
        this.vault = vault;
        this.signal = signal;
        this.actor = actor;
    }

    @Override
    public <T> T read(Function<VaultReader, T> work) {
        return vault.read(work);
    }

    @Override
    public <T> T write(Function<VaultWriter, T> work) {
        return write(actor.get(), work);
    }

    @Override
    public <T> T write(Actor name, Function<VaultWriter, T> work) {
        Written<T> written = vault.write(name, writer -> {
            T result = work.apply(writer);
            return new Written<>(result, after.of(writer));
        });
        signal.fire();
        written.after.ifPresent(Runnable::run);
        return written.result;
    }

    /** Says what follows from writes from now on. */
    public void after(CommitHook newAfter) {
        after = newAfter;
    }

    @Override
    public void compact() {
        vault.compact();
    }

    @Override
    public List<String> verify() {
        return vault.verify();
    }

    @Override
    public void backup(Path file) {
        vault.backup(file);
    }

    @Override
    public long bytes() {
        return vault.bytes();
    }

    @Override
    public void close() {
        vault.close();
    }
}
