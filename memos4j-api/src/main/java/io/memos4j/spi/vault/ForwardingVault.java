package io.memos4j.spi.vault;

import io.memos4j.api.Actor;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/** A vault that forwards every call to another one. Extend it to change or to watch some of them. */
public abstract class ForwardingVault implements Vault {
    private final Vault vault;

    /** Wraps a vault. */
    protected ForwardingVault(Vault vault) {
        this.vault = vault;
    }

    @Override
    public <T> T read(Function<VaultReader, T> work) {
        return vault.read(work);
    }

    @Override
    public <T> T write(Actor actor, Function<VaultWriter, T> work) {
        return vault.write(actor, work);
    }

    @Override
    public void compact() {
        vault.compact();
    }

    @Override
    public void probe() {
        vault.probe();
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
