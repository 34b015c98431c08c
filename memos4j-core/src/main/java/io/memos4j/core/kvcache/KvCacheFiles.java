package io.memos4j.core.kvcache;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.core.files.PrivateDirectories;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.kvcache.StoredActivation;
import io.memos4j.spi.vault.Vault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The folder of computed beginnings, and what the vault says of it. A file is named by the hash of what it was computed
 * from and with, so that cubes that begin alike share it; the vault knows which cube has which file and what it comes
 * from. A file that the vault does not name is waste, whoever left it, and is erased after the write that made it so,
 * or at the next start. Needs no model. Thread-safe.
 */
final class KvCacheFiles {
    private static final String SUFFIX = ".kv";

    private final Vault vault;
    private final Path folder;
    private volatile List<StoredActivation> entries = List.of();

    KvCacheFiles(Vault vault, Path folder) {
        this.vault = vault;
        this.folder = folder;
        deleteUnreferenced();
        entries.stream().filter(each -> !Files.exists(path(each.file()))).forEach(each -> delete(each.file()));
    }

    /** Makes the folder if it is not there; only this user may look into it. */
    void createDirectory() {
        PrivateDirectories.create(folder);
    }

    /** All that the vault knows, whatever computed it. */
    List<StoredActivation> entries() {
        return entries;
    }

    /** Where a file lies, or is to lie. */
    Path path(String file) {
        return folder.resolve(file + SUFFIX);
    }

    long size(String file) {
        try {
            return Files.size(path(file));
        } catch (IOException e) {
            throw failure("read the size of " + path(file), e);
        }
    }

    /** Takes a file from a cube; it goes when no other cube has it. */
    void delete(CubeKey cube, String file) {
        vault.write(writer -> {
            writer.activations().drop(cube, file);
            return true;
        });
        deleteUnreferenced();
    }

    /** Takes a file from all cubes. */
    void delete(String file) {
        vault.write(writer -> {
            writer.activations().all().stream()
                    .filter(each -> each.file().equals(file))
                    .forEach(each -> writer.activations().drop(each.cube(), file));
            return true;
        });
        deleteUnreferenced();
    }

    /** Whether something here belongs to one of these cubes or comes from one. */
    boolean concernsAny(Set<CubeKey> cubes) {
        return entries.stream()
                .anyMatch(each -> cubes.contains(each.cube())
                        || each.sources().stream().anyMatch(source -> cubes.contains(source.cube())));
    }

    /** Erases the files that the vault does not name. */
    synchronized void deleteUnreferenced() {
        entries = vault.read(reader -> reader.activations().all());
        if (!Files.isDirectory(folder)) {
            return;
        }
        Set<Path> named = new HashSet<>();
        entries.forEach(each -> named.add(path(each.file())));
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                if (!named.contains(file)) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            throw failure("erase what is no longer needed in " + folder, e);
        }
    }

    private static MemoryException failure(String what, IOException cause) {
        return new MemoryException(ErrorCode.STORAGE_FAILED, "Cannot " + what + ": " + cause + ".", cause);
    }
}
