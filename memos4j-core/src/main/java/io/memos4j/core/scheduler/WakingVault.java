package io.memos4j.core.scheduler;

import io.memos4j.spi.Vault;
import io.memos4j.spi.VaultReader;
import io.memos4j.spi.VaultWriter;
import java.util.List;
import java.util.function.Function;

/** A vault that gives a signal after each write: whatever is written may have asked for a task, and nobody else needs to say so. */
public final class WakingVault implements Vault {
    private final Vault vault;
    private final Signal signal;

    public WakingVault(Vault vault, Signal signal) {
        this.vault = vault;
        this.signal = signal;
    }

    @Override
    public <T> T read(Function<VaultReader, T> work) {
        return vault.read(work);
    }

    @Override
    public <T> T write(String actor, Function<VaultWriter, T> work) {
        T result = vault.write(actor, work);
        signal.give();
        return result;
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
    public long bytes() {
        return vault.bytes();
    }

    @Override
    public void close() {
        vault.close();
    }
}
