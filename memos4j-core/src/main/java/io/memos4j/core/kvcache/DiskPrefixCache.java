package io.memos4j.core.kvcache;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.core.ChatConfig.CacheQuota;
import io.memos4j.core.ingest.ContentFingerprint;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.kvcache.StoredActivation;
import io.memos4j.spi.kvcache.StoredActivation.Compatibility;
import io.memos4j.spi.runtime.ActivationCapabilities;
import io.memos4j.spi.runtime.ActivationHandle;
import io.memos4j.spi.runtime.ActivationManifest;
import io.memos4j.spi.runtime.ActivationRuntime;
import io.memos4j.spi.runtime.KvCacheTypes;
import io.memos4j.spi.vault.Vault;
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

/** The prompt prefixes on disk that were computed by the open model, kept within the quotas. Thread-safe. */
final class DiskPrefixCache {
    private static final Logger LOG = LoggerFactory.getLogger(DiskPrefixCache.class);

    private final Vault vault;
    private final KvCacheFiles files;
    private final ActivationRuntime runtime;
    private final CacheQuota quota;
    private final Compatibility compatibility;
    private final CacheTier tier;

    DiskPrefixCache(Vault vault, KvCacheFiles files, ActivationRuntime runtime, CacheQuota quota) {
        this.vault = vault;
        this.files = files;
        this.runtime = runtime;
        this.quota = quota;
        this.compatibility = compatibility(runtime);
        this.tier = new CacheTier(quota.maxDiskBytes());
        files.createDirectory();
        for (StoredActivation each : files.entries()) {
            recordUse(each.file(), each.bytes(), "", each.usedAt());
        }
    }

    private static Compatibility compatibility(ActivationRuntime runtime) {
        ActivationCapabilities capabilities = runtime.capabilities();
        KvCacheTypes caches = capabilities.inUse();
        return new Compatibility(
                runtime.model().fileHash(),
                caches.keys() + " keys, " + caches.values() + " values",
                capabilities.runtime());
    }

    /** Returns the model, cache types and runtime that a file must have been computed with to be usable. */
    Compatibility compatibility() {
        return compatibility;
    }

    /** Returns the name of the file for these tokens. */
    String fileName(int[] tokens) {
        return ContentFingerprint.of(
                compatibility.model(),
                compatibility.caches(),
                compatibility.runtime(),
                ActivationManifest.hashOf(tokens));
    }

    /** Finds the longest usable prefix of a prompt on disk with more than {@code longerThan} tokens. */
    Optional<StoredActivation> findLongest(int[] prompt, int longerThan, PromptLayout layout, Instant now) {
        return files.entries().stream()
                .filter(each -> each.compatibility().equals(compatibility)
                        && each.tokens() > longerThan
                        && each.tokens() <= prompt.length
                        && each.expiresAt().map(now::isBefore).orElse(true)
                        && layout.cubes().containsAll(sourceCubes(each)))
                .sorted(Comparator.comparingInt(StoredActivation::tokens).reversed())
                .filter(each -> each.file().equals(fileName(Arrays.copyOf(prompt, each.tokens()))))
                .findFirst();
    }

    private static Set<CubeKey> sourceCubes(StoredActivation activation) {
        Set<CubeKey> cubes = new HashSet<>();
        activation.sources().forEach(source -> cubes.add(source.cube()));
        return cubes;
    }

    /**
     * Loads a prefix into the runtime. Returns empty, and deletes the file, if it is damaged or belongs to another
     * model.
     */
    Optional<ActivationHandle> restore(StoredActivation stored, String session, Instant now) {
        try {
            ActivationHandle handle = runtime.restore(files.path(stored.file()));
            vault.change(writer -> writer.activations().recordUse(stored.cube(), stored.file(), now));
            recordUse(stored.file(), stored.bytes(), session, now);
            return Optional.of(handle);
        } catch (MemoryException e) {
            if (e.code() != ErrorCode.ACTIVATION_CORRUPT
                    && e.code() != ErrorCode.ACTIVATION_MISMATCH
                    && e.code() != ErrorCode.STORAGE_FAILED) {
                throw e;
            }
            LOG.warn("Deleting an unusable KV cache file; it will be computed again: {}", e.getMessage());
            files.delete(stored.file());
            return Optional.empty();
        }
    }

    /** Returns whether this cube has the file for these tokens. */
    boolean contains(CubeKey cube, int[] tokens) {
        String file = fileName(tokens);
        return files.entries().stream()
                .anyMatch(each -> each.cube().equals(cube) && each.file().equals(file));
    }

    /**
     * Writes a prefix to disk for the cube that owns it and evicts others if a quota requires it.
     *
     * @return false, with nothing left on disk, if it exceeds a quota or a source has changed in the meantime
     */
    boolean save(ActivationHandle handle, CacheProvenance provenance, Duration prefill, Instant now) {
        // Until it is recorded, the file counts as unreferenced and would be deleted.
        synchronized (files) {
            return saveLocked(handle, provenance, prefill, now);
        }
    }

    private boolean saveLocked(ActivationHandle handle, CacheProvenance provenance, Duration prefill, Instant now) {
        String file = fileName(handle.tokens());
        Path path = files.path(file);
        if (!Files.exists(path)) {
            handle.save(path);
        }
        long bytes = files.size(file);
        if (bytes > quota.maxCubeBytes() || bytes > quota.maxDiskBytes()) {
            files.deleteUnreferenced();
            return false;
        }
        evictFromCube(provenance.owner(), file, bytes);
        boolean recorded = vault.write(writer -> writer.activations()
                .record(new StoredActivation(
                        provenance.owner(),
                        file,
                        compatibility,
                        handle.tokens().length,
                        bytes,
                        prefill,
                        now,
                        now,
                        0,
                        provenance.validUntil(),
                        provenance.sources())));
        files.deleteUnreferenced();
        recordUse(file, bytes, "", now);
        return recorded;
    }

    /** Deletes the least recently used files of a cube until its quota has space for {@code more} bytes. */
    private void evictFromCube(CubeKey cube, String file, long more) {
        List<StoredActivation> own = files.entries().stream()
                .filter(each -> each.cube().equals(cube) && !each.file().equals(file))
                .sorted(Comparator.comparing(StoredActivation::usedAt))
                .toList();
        long bytes = own.stream().mapToLong(StoredActivation::bytes).sum();
        for (StoredActivation each : own) {
            if (bytes + more <= quota.maxCubeBytes()) {
                return;
            }
            bytes -= each.bytes();
            files.delete(cube, each.file());
        }
    }

    /** Records a use and deletes the files that the tier evicts for it. */
    private void recordUse(String file, long bytes, String session, Instant now) {
        List<String> gone;
        synchronized (tier) {
            gone = tier.use(file, Math.max(1, bytes), session, now);
        }
        gone.forEach(files::delete);
    }
}
