package io.memos4j.core.scheduler;

import io.memos4j.spi.Vault;
import io.memos4j.spi.VaultReader;
import io.memos4j.spi.VaultWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A vault that gives a signal after each write: whatever is written may have asked for a task, and nobody else needs to say so. It also knows
 * in whose name a thread writes that does not say so itself, and what else follows from a write.
 */
public final class WakingVault implements Vault {
    private final Vault vault;
    private final Signal signal;
    private final Supplier<String> actor;
    private volatile After after = writer -> Optional.empty();

    /** What follows from a write. */
    @FunctionalInterface
    public interface After {
        /** Looks at a transaction at its end; what it answers is run when the write is durable, before it returns. */
        Optional<Runnable> of(VaultWriter writer);
    }

    private record Written<T>(T result, Optional<Runnable> after) {}

    /** Everybody writes in the name of the {@link Vault#USER} but who names somebody else. */
    public WakingVault(Vault vault, Signal signal) {
        this(vault, signal, () -> USER);
    }

    /**
     * @param actor in whose name the current thread writes
     */
    public WakingVault(Vault vault, Signal signal, Supplier<String> actor) {
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
    public <T> T write(String name, Function<VaultWriter, T> work) {
        Written<T> written = vault.write(name, writer -> {
            T result = work.apply(writer);
            return new Written<>(result, after.of(writer));
        });
        signal.give();
        written.after.ifPresent(Runnable::run);
        return written.result;
    }

    /** Says what follows from writes from now on. */
    public void after(After newAfter) {
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
