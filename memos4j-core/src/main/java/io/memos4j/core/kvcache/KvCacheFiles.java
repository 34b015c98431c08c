package io.memos4j.core.kvcache;

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
 * The KV cache files of all cubes and their records in the vault.
 *
 * <p>A file is named after the hash of its tokens, model, cache types and runtime, so cubes whose prompts begin alike
 * share it. The vault records which cube uses which file and which items the file was computed from. A file without a
 * record is deleted after the write that dropped the record, or at the next start. Works without a model. Thread-safe.
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

    /** Creates the directory, readable by the current user only. */
    void createDirectory() {
        PrivateDirectories.create(folder);
    }

    /** Returns all recorded files, whichever model computed them. */
    List<StoredActivation> entries() {
        return entries;
    }

    /** Returns the path of a file, whether it exists or not. */
    Path path(String file) {
        return folder.resolve(file + SUFFIX);
    }

    long size(String file) {
        try {
            return Files.size(path(file));
        } catch (IOException e) {
            throw PrivateDirectories.failure("read the size of " + path(file), e);
        }
    }

    /** Removes a cube's record of a file; the file is deleted when no other cube uses it. */
    void delete(CubeKey cube, String file) {
        vault.change(writer -> writer.activations().drop(cube, file));
        deleteUnreferenced();
    }

    /** Removes the records of a file in all cubes and deletes it. */
    void delete(String file) {
        vault.change(writer -> writer.activations().all().stream()
                .filter(each -> each.file().equals(file))
                .forEach(each -> writer.activations().drop(each.cube(), file)));
        deleteUnreferenced();
    }

    /** Returns whether a file belongs to one of these cubes or was computed from one of their items. */
    boolean concernsAny(Set<CubeKey> cubes) {
        return entries.stream()
                .anyMatch(each -> cubes.contains(each.cube())
                        || each.sources().stream().anyMatch(source -> cubes.contains(source.cube())));
    }

    /** Deletes the files that the vault does not reference. */
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
            throw PrivateDirectories.failure("delete unused files in " + folder, e);
        }
    }
}
