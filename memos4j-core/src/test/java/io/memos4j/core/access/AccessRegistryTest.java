package io.memos4j.core.access;

import io.memos4j.api.Actor;
import io.memos4j.api.CubeId;
import io.memos4j.api.access.CallerIdentity;
import io.memos4j.api.access.KeyRequest;
import io.memos4j.api.access.Permission;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.vault.ForwardingVault;
import io.memos4j.spi.vault.Vault;
import io.memos4j.spi.vault.VaultWriter;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** From when changes of rights hold: what is taken before its commit, what is given after it. */
class AccessRegistryTest extends DefaultMemGovernanceFixture {
    /** A vault that somebody looks at between each commit and the moment when its caller learns of it. */
    private static final class WatchedVault extends ForwardingVault {
        private final List<Runnable> watchers;

        WatchedVault(Vault vault, List<Runnable> watchers) {
            super(vault);
            this.watchers = watchers;
        }

        @Override
        public <T> T write(Actor actor, Function<VaultWriter, T> work) {
            T result = super.write(actor, work);
            watchers.forEach(Runnable::run);
            return result;
        }

        /** Leaves the wrapped vault open. */
        @Override
        public void close() {}
    }

    @Test
    void nothingThatIsCommittedLaterIsSeenUnderARightFromBefore() {
        CubeId shared = makeCube("zeta/shared").id();
        List<Runnable> watchers = new ArrayList<>();
        try (DefaultMemGovernance under =
                new DefaultMemGovernance(new WatchedVault(vault, watchers), audit, clock, new SecureRandom())) {
            String secret = under.issue(KeyRequest.of("acme")).secret();
            CallerIdentity acme = under.authenticate(secret).orElseThrow();
            List<Optional<Permission>> seen = new ArrayList<>();
            watchers.add(() -> seen.add(under.permission(acme, shared)));
            under.grant("acme", shared, Permission.READ, Optional.empty());
            assertThat(seen).as("a grant, not yet acknowledged").containsExactly(Optional.empty());
            assertThat(under.permission(acme, shared)).contains(Permission.READ);
            under.writeRevoking(writer -> {
                CubeRow row = writer.findCube(shared).orElseThrow();
                writer.deleteCube(row.key());
                return row;
            });
            makeCube(shared.value());
            under.grant("acme", shared, Permission.WRITE, Optional.empty());
            under.revokeGrant("acme", shared);
            assertThat(seen)
                    .as("grant, deletion, grant, withdrawal")
                    .containsExactly(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
            List<Boolean> open = new ArrayList<>();
            watchers.add(() -> open.add(under.authenticate(secret).isPresent()));
            under.revoke(acme.key().id());
            assertThat(open).containsExactly(false);
        }
    }
}
