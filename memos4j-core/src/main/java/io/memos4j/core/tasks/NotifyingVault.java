package io.memos4j.core.tasks;

import io.memos4j.api.Actor;
import io.memos4j.spi.vault.ForwardingVault;
import io.memos4j.spi.vault.Vault;
import io.memos4j.spi.vault.VaultWriter;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A vault that fires a signal after each write, since any write may have enqueued a task, and runs a hook at the end of
 * each transaction. Writes that name no actor are made by that of the current thread.
 */
public final class NotifyingVault extends ForwardingVault {
    private final ChangeSignal signal;
    private final Supplier<Actor> actor;
    private volatile CommitHook hook = writer -> Optional.empty();

    /** Runs at the end of each transaction. */
    @FunctionalInterface
    public interface CommitHook {
        /** Inspects a transaction at its end; a returned task is run after the commit, before the write returns. */
        Optional<Runnable> afterChanges(VaultWriter writer);
    }

    private record Written<T>(T result, Optional<Runnable> after) {}

    /** Creates a vault where writes are made by {@link Actor#USER} unless they name an actor. */
    public NotifyingVault(Vault vault, ChangeSignal signal) {
        this(vault, signal, () -> Actor.USER);
    }

    /** @param actor supplies the actor of the current thread */
    public NotifyingVault(Vault vault, ChangeSignal signal, Supplier<Actor> actor) {
        super(vault);
        this.signal = signal;
        this.actor = actor;
    }

    @Override
    public <T> T write(Function<VaultWriter, T> work) {
        return write(actor.get(), work);
    }

    @Override
    public <T> T write(Actor name, Function<VaultWriter, T> work) {
        Written<T> written = super.write(name, writer -> {
            T result = work.apply(writer);
            return new Written<>(result, hook.afterChanges(writer));
        });
        signal.fire();
        written.after.ifPresent(Runnable::run);
        return written.result;
    }

    /** Sets the hook for all later writes. */
    public void onCommit(CommitHook newHook) {
        hook = newHook;
    }
}
