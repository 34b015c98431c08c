package io.memos4j.core.access;

import io.memos4j.api.Actor;
import io.memos4j.spi.vault.ForwardingVault;
import io.memos4j.spi.vault.Vault;
import io.memos4j.spi.vault.VaultWriter;
import java.util.Optional;
import java.util.function.Function;

/** A vault that audits each transaction of a change in that transaction. Thread-safe. */
public final class AuditedVault extends ForwardingVault {
    private final AuditContext context;

    public AuditedVault(Vault vault, AuditContext context) {
        super(vault);
        this.context = context;
    }

    @Override
    public <T> T write(Actor actor, Function<VaultWriter, T> work) {
        Optional<AuditContext.Change> change = context.current();
        if (change.isEmpty()) {
            return super.write(actor, work);
        }
        T result = super.write(actor, writer -> {
            T done = work.apply(writer);
            change.get().recordIn(writer);
            return done;
        });
        change.get().committed();
        return result;
    }
}
