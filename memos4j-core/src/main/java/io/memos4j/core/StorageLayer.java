package io.memos4j.core;

import io.memos4j.core.access.ActorContext;
import io.memos4j.core.access.AuditContext;
import io.memos4j.core.access.AuditSigner;
import io.memos4j.core.access.AuditTrail;
import io.memos4j.core.access.AuditedVault;
import io.memos4j.core.access.SigningKey;
import io.memos4j.core.clock.IdGenerator;
import io.memos4j.core.clock.MonotonicClock;
import io.memos4j.core.embedding.VectorSpace;
import io.memos4j.core.index.CubeIndexManager;
import io.memos4j.core.privacy.SensitivityLabeler;
import io.memos4j.core.tasks.ChangeSignal;
import io.memos4j.core.tasks.NotifyingVault;
import io.memos4j.core.trust.TrustPolicy;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.index.CubeIndexProvider;
import io.memos4j.spi.vault.Vault;
import io.memos4j.spi.vault.VaultProvider;
import io.memos4j.spi.vault.VaultReader;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The bottom layer of an engine: the locked data directory with its vault and indexes, the clock and the ids. */
final class StorageLayer {
    private static final Logger LOG = LoggerFactory.getLogger(StorageLayer.class);

    /** Versions that one transaction labels. */
    private static final int SCREENED_AT_ONCE = 1_000;

    final MemOsConfig config;
    final IdGenerator ids;
    final ChangeSignal changed = new ChangeSignal();
    final ActorContext actor = new ActorContext();
    final TrustPolicy trust = new TrustPolicy(actor);
    final AuditContext calls;
    final AuditTrail audit;
    final SigningKey signingKey;

    /** Writes without waking the scheduler. */
    final Vault silentVault;

    final NotifyingVault vault;
    final CubeIndexManager indexes;
    final Optional<VectorSpace> vectors;
    final MonotonicClock clock;

    StorageLayer(MemOsConfig config, IdGenerator ids, ResourceStack resources) {
        this.config = config;
        this.ids = ids;
        resources.add(DirectoryLock.acquire(config.directory()));
        this.vectors = resources.add(VectorSpace.of(config.embedding()));
        VaultProvider provider = ServiceProviders.require(VaultProvider.class, "memos4j-vault-sqlite");
        DataDirectory.requireVault(config.directory(), provider);
        this.calls = new AuditContext(config.clock());
        this.silentVault = new AuditedVault(
                provider.open(config.directory(), config.limits().vaultBytes()), calls);
        this.vault = resources.add(new NotifyingVault(silentVault, changed, actor::current));
        this.signingKey =
                new SigningKey(config.auditKey().orElse(config.directory().resolve("audit.key")));
        this.audit = resources.add(
                new AuditTrail(silentVault, calls, new AuditSigner(silentVault, signingKey, config.clock())));
        screenUnlabeled(vault, config.directory());
        this.indexes = resources.add(new CubeIndexManager(
                vault,
                ServiceProviders.require(CubeIndexProvider.class, "memos4j-index-lucene"),
                config.directory().resolve("index"),
                config.limits().openIndexes()));
        indexes.dropOrphans(
                vault.read(VaultReader::cubes).stream().map(CubeRow::key).toList());
        Instant last = vault.read(reader -> reader.history().lastChange()).orElse(Instant.EPOCH);
        this.clock = new MonotonicClock(config.clock(), last.plusMillis(1));
        if (clock.isFarAhead()) {
            LOG.warn(
                    "The last change in {} is dated {}, which is in the future: the clock of this machine was wrong,"
                            + " or is. New changes are dated just after it until then; nothing else is affected.",
                    config.directory(),
                    last);
        }
    }

    /** Labels what a release without labels has stored, before anybody reads it. */
    private static void screenUnlabeled(NotifyingVault vault, Path directory) {
        long screened = 0;
        int more;
        do {
            more = vault.write(writer -> writer.screen(SCREENED_AT_ONCE, SensitivityLabeler::labelOf));
            screened += more;
        } while (more == SCREENED_AT_ONCE);
        if (screened > 0) {
            LOG.info("Searched {} stored versions in {} for secrets and personal data.", screened, directory);
        }
    }
}
