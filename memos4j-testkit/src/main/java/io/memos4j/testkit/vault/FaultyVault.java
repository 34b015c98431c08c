package io.memos4j.testkit.vault;

import io.memos4j.api.Actor;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.spi.vault.ForwardingVault;
import io.memos4j.spi.vault.Vault;
import io.memos4j.spi.vault.VaultReader;
import io.memos4j.spi.vault.VaultWriter;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * A vault seen by a process that fails: writes are refused, rolled back, or committed without the caller learning of
 * it, and after {@link #crash} nothing comes through any more. Not thread-safe in what fails when, so that a seed
 * repeats a run.
 */
public final class FaultyVault extends ForwardingVault {
    private final RandomGenerator random;
    private final double rate;
    private boolean crashed;

    /**
     * Wraps a vault.
     *
     * @param rate share of writes that fail, 0 to 1
     */
    public FaultyVault(Vault vault, RandomGenerator random, double rate) {
        super(vault);
        this.random = random;
        this.rate = rate;
    }

    /** Simulates a crash: every later call fails. */
    public void crash() {
        crashed = true;
    }

    /** Returns true after the simulated crash. */
    public boolean crashed() {
        return crashed;
    }

    @Override
    public <T> T read(Function<VaultReader, T> work) {
        check();
        return super.read(work);
    }

    @Override
    public <T> T write(Actor actor, Function<VaultWriter, T> work) {
        check();
        if (random.nextDouble() >= rate) {
            return super.write(actor, work);
        }
        switch (random.nextInt(4)) {
            case 0 -> {}
            case 1 ->
                super.write(actor, writer -> {
                    T unused = work.apply(writer);
                    throw failure("before the commit");
                });
            case 2 -> super.write(actor, work);
            default -> {
                super.write(actor, work);
                crash();
            }
        }
        throw failure("at the write");
    }

    private static MemoryException failure(String where) {
        return new MemoryException(ErrorCode.TIMEOUT, "An injected failure " + where + ".");
    }

    private void check() {
        if (crashed) {
            throw new MemoryException(ErrorCode.CLOSED, "The process is gone.");
        }
    }

    @Override
    public void compact() {
        check();
        super.compact();
    }

    @Override
    public void probe() {
        check();
        super.probe();
    }

    @Override
    public void backup(Path file) {
        check();
        super.backup(file);
    }

    /** Leaves the wrapped vault open. */
    @Override
    public void close() {}
}
