package io.memos4j.core.activation;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.core.Answering.Quota;
import io.memos4j.core.reader.Fingerprint;
import io.memos4j.spi.ActivationCapabilities;
import io.memos4j.spi.ActivationHandle;
import io.memos4j.spi.ActivationManifest;
import io.memos4j.spi.ActivationRuntime;
import io.memos4j.spi.CacheTypes;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.StoredActivation;
import io.memos4j.spi.StoredActivation.Fit;
import io.memos4j.spi.Vault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The computed beginnings on disk, for the model that is open: finding, reading, writing them within the quotas. Thread-safe. */
final class ActivationStore {
    private static final Logger LOG = LoggerFactory.getLogger(ActivationStore.class);

    private final Vault vault;
    private final ActivationFiles files;
    private final ActivationRuntime runtime;
    private final Quota quota;
    private final Fit fit;
    private final Room room;

    ActivationStore(Vault vault, ActivationFiles files, ActivationRuntime runtime, Quota quota) {
        this.vault = vault;
        this.files = files;
        this.runtime = runtime;
        this.quota = quota;
        this.fit = fit(runtime);
        this.room = new Room(quota.diskBytes());
        files.make();
        for (StoredActivation each : files.known()) {
            use(each.file(), each.bytes(), "", each.usedAt());
        }
    }

    private static Fit fit(ActivationRuntime runtime) {
        ActivationCapabilities capabilities = runtime.capabilities();
        CacheTypes caches = capabilities.inUse();
        return new Fit(
                runtime.model().fileHash(),
                caches.keys() + " keys, " + caches.values() + " values",
                capabilities.runtime());
    }

    /** What can take the place of computing. */
    Fit fit() {
        return fit;
    }

    /** The name of the file for these tokens. */
    String name(int[] tokens) {
        return Fingerprint.of(fit.model(), fit.caches(), fit.runtime(), ActivationManifest.hashOf(tokens));
    }

    /** The longest beginning of a prompt on disk, longer than {@code longerThan}. */
    Optional<StoredActivation> longest(int[] prompt, int longerThan, Talk talk, Instant now) {
        return files.known().stream()
                .filter(each -> each.fit().equals(fit)
                        && each.tokens() > longerThan
                        && each.tokens() <= prompt.length
                        && each.expiresAt().map(now::isBefore).orElse(true)
                        && talk.cubes().containsAll(cubes(each)))
                .sorted(Comparator.comparingInt(StoredActivation::tokens).reversed())
                .filter(each -> each.file().equals(name(Arrays.copyOf(prompt, each.tokens()))))
                .findFirst();
    }

    /** The cubes that have a part in it. */
    private static Set<CubeKey> cubes(StoredActivation activation) {
        Set<CubeKey> cubes = new HashSet<>();
        activation.sources().forEach(source -> cubes.add(source.cube()));
        return cubes;
    }

    /**
     * Reads a beginning into the runtime; empty if its file turned out to be damaged or of another model, and then it is erased.
     */
    Optional<ActivationHandle> restore(StoredActivation stored, String session, Instant now) {
        try {
            ActivationHandle handle = runtime.restore(files.path(stored.file()));
            vault.write(writer -> {
                writer.activations().used(stored.cube(), stored.file(), now);
                return true;
            });
            use(stored.file(), stored.bytes(), session, now);
            return Optional.of(handle);
        } catch (MemoryException e) {
            if (e.code() != ErrorCode.ACTIVATION_CORRUPT
                    && e.code() != ErrorCode.ACTIVATION_MISMATCH
                    && e.code() != ErrorCode.STORAGE_FAILED) {
                throw e;
            }
            LOG.warn("A computed beginning is erased and computed anew: {}", e.getMessage());
            files.drop(stored.file());
            return Optional.empty();
        }
    }

    /** Whether this cube has the file for these tokens. */
    boolean has(CubeKey cube, int[] tokens) {
        String file = name(tokens);
        return files.known().stream()
                .anyMatch(each -> each.cube() == cube && each.file().equals(file));
    }

    /**
     * Writes a beginning to its file, for the cube that owns it; erases others where the quota asks for it.
     *
     * @return false if it is larger than a quota, or a source was changed in the meantime; nothing is left of it then
     */
    boolean save(ActivationHandle handle, Lineage lineage, Duration prefill, Instant now) {
        // Until the vault names it the file is waste, and nobody may sweep.
        synchronized (files) {
            return saveAlone(handle, lineage, prefill, now);
        }
    }

    private boolean saveAlone(ActivationHandle handle, Lineage lineage, Duration prefill, Instant now) {
        String file = name(handle.tokens());
        Path path = files.path(file);
        if (!Files.exists(path)) {
            handle.save(path);
        }
        long bytes = files.size(file);
        if (bytes > quota.cubeBytes() || bytes > quota.diskBytes()) {
            files.sweep();
            return false;
        }
        makeRoom(lineage.owner(), file, bytes);
        boolean recorded = vault.write(writer -> writer.activations()
                .record(new StoredActivation(
                        lineage.owner(),
                        file,
                        fit,
                        handle.tokens().length,
                        bytes,
                        prefill,
                        now,
                        now,
                        0,
                        lineage.until(),
                        lineage.sources())));
        files.sweep();
        use(file, bytes, "", now);
        return recorded;
    }

    /** Drops the least recently used of a cube until its quota has room for more. */
    private void makeRoom(CubeKey cube, String file, long more) {
        List<StoredActivation> own = files.known().stream()
                .filter(each -> each.cube() == cube && !each.file().equals(file))
                .sorted(Comparator.comparing(StoredActivation::usedAt))
                .toList();
        long bytes = own.stream().mapToLong(StoredActivation::bytes).sum();
        for (StoredActivation each : own) {
            if (bytes + more <= quota.cubeBytes()) {
                return;
            }
            bytes -= each.bytes();
            files.drop(cube, each.file());
        }
    }

    /** Notes a use; erases what has to go for it. */
    private void use(String file, long bytes, String session, Instant now) {
        List<String> gone;
        synchronized (room) {
            gone = room.use(file, Math.max(1, bytes), session, now);
        }
        gone.forEach(files::drop);
    }
}
