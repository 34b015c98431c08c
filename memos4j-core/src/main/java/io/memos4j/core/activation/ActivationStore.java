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
import io.memos4j.spi.StoredActivation;
import io.memos4j.spi.StoredActivation.Fit;
import io.memos4j.spi.Vault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The computed beginnings on disk. A file is named by the hash of what it was computed from and with, so that cubes that begin alike share
 * it; the vault knows which cube has which file and what it comes from. A file that the vault does not name is waste, whoever left it, and
 * is erased at once or at the next start. Thread-safe.
 */
final class ActivationStore {
    private static final Logger LOG = LoggerFactory.getLogger(ActivationStore.class);
    private static final String SUFFIX = ".kv";

    private final Vault vault;
    private final Path folder;
    private final ActivationRuntime runtime;
    private final Quota quota;
    private final Fit fit;
    private final Room room;
    private volatile List<StoredActivation> known = List.of();

    ActivationStore(Vault vault, Path folder, ActivationRuntime runtime, Quota quota) {
        this.vault = vault;
        this.folder = folder;
        this.runtime = runtime;
        this.quota = quota;
        this.fit = fit(runtime);
        this.room = new Room(quota.diskBytes());
        open();
    }

    private static Fit fit(ActivationRuntime runtime) {
        ActivationCapabilities capabilities = runtime.capabilities();
        CacheTypes caches = capabilities.inUse();
        return new Fit(
                runtime.model().fileHash(),
                caches.keys() + " keys, " + caches.values() + " values",
                capabilities.runtime());
    }

    /** Makes vault and folder agree: what lies in only one of them is dropped. */
    private void open() {
        try {
            Files.createDirectories(folder);
            if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
            }
        } catch (IOException e) {
            throw failed("make the folder " + folder, e);
        }
        refresh();
        for (StoredActivation each : known) {
            if (Files.exists(path(each.file()))) {
                room.use(each.file(), Math.max(1, each.bytes()), "", each.usedAt())
                        .forEach(this::dropFile);
            } else {
                dropFile(each.file());
            }
        }
        sweep();
    }

    /** All that the vault knows, whatever computed it. */
    List<StoredActivation> known() {
        return known;
    }

    private void refresh() {
        known = vault.read(reader -> reader.activations().all());
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
        return known.stream()
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
    private static Set<Long> cubes(StoredActivation activation) {
        Set<Long> cubes = new HashSet<>();
        activation.sources().forEach(source -> cubes.add(source.cube()));
        return cubes;
    }

    /**
     * Reads a beginning into the runtime; empty if its file turned out to be damaged or of another model, and then it is erased.
     */
    Optional<ActivationHandle> restore(StoredActivation stored, String session, Instant now) {
        try {
            ActivationHandle handle = runtime.restore(path(stored.file()));
            vault.write(writer -> {
                writer.activations().used(stored.cube(), stored.file(), now);
                return true;
            });
            synchronized (this) {
                room.use(stored.file(), Math.max(1, stored.bytes()), session, now)
                        .forEach(this::dropFile);
            }
            return Optional.of(handle);
        } catch (MemoryException e) {
            if (e.code() != ErrorCode.ACTIVATION_CORRUPT
                    && e.code() != ErrorCode.ACTIVATION_MISMATCH
                    && e.code() != ErrorCode.STORAGE_FAILED) {
                throw e;
            }
            LOG.warn("A computed beginning is erased and computed anew: {}", e.getMessage());
            dropFile(stored.file());
            return Optional.empty();
        }
    }

    /** Whether this cube has the file for these tokens. */
    boolean has(long cube, int[] tokens) {
        String file = name(tokens);
        return known.stream()
                .anyMatch(each -> each.cube() == cube && each.file().equals(file));
    }

    /**
     * Writes a beginning to its file, for the cube that owns it; erases others where the quota asks for it.
     *
     * @return false if it is larger than a quota, or a source was changed in the meantime; nothing is left of it then
     */
    synchronized boolean save(ActivationHandle handle, Lineage lineage, Duration prefill, Instant now) {
        String file = name(handle.tokens());
        Path path = path(file);
        if (!Files.exists(path)) {
            handle.save(path);
        }
        long bytes = size(path);
        if (bytes > quota.cubeBytes() || bytes > quota.diskBytes()) {
            sweep();
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
        room.use(file, Math.max(1, bytes), "", now).forEach(this::dropFile);
        sweep();
        return recorded;
    }

    /** Drops the least recently used of a cube until its quota has room for more. */
    private void makeRoom(long cube, String file, long more) {
        List<StoredActivation> own = known.stream()
                .filter(each -> each.cube() == cube && !each.file().equals(file))
                .sorted(Comparator.comparing(StoredActivation::usedAt))
                .toList();
        long bytes = own.stream().mapToLong(StoredActivation::bytes).sum();
        for (StoredActivation each : own) {
            if (bytes + more <= quota.cubeBytes()) {
                return;
            }
            bytes -= each.bytes();
            drop(cube, each.file());
        }
    }

    private static long size(Path path) {
        try {
            return Files.size(path);
        } catch (IOException e) {
            throw failed("read the size of " + path, e);
        }
    }

    /** Takes a file from a cube; it goes when no other cube has it. */
    void drop(long cube, String file) {
        vault.write(writer -> {
            writer.activations().drop(cube, file);
            return true;
        });
        sweep();
    }

    /** Takes a file from all cubes. */
    private void dropFile(String file) {
        vault.write(writer -> {
            writer.activations().all().stream()
                    .filter(each -> each.file().equals(file))
                    .forEach(each -> writer.activations().drop(each.cube(), file));
            return true;
        });
        sweep();
    }

    /** Whether something here belongs to one of these cubes or comes from one. */
    boolean touches(Set<Long> cubes) {
        return known.stream()
                .anyMatch(each -> cubes.contains(each.cube())
                        || each.sources().stream().anyMatch(source -> cubes.contains(source.cube())));
    }

    /** Erases the files that the vault does not name. */
    synchronized void sweep() {
        refresh();
        Set<String> named = new HashSet<>();
        known.forEach(each -> named.add(each.file() + SUFFIX));
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                if (!named.contains(file.getFileName().toString())) {
                    Files.deleteIfExists(file);
                    room.remove(file.getFileName().toString().replace(SUFFIX, ""));
                }
            }
        } catch (IOException e) {
            throw failed("erase what is no longer needed in " + folder, e);
        }
    }

    private Path path(String file) {
        return folder.resolve(file + SUFFIX);
    }

    private static MemoryException failed(String what, IOException cause) {
        return new MemoryException(ErrorCode.STORAGE_FAILED, "Cannot " + what + ": " + cause + ".", cause);
    }
}
