package io.memos4j.core.adapters;

import io.memos4j.api.adapters.Adapter.Artifact;
import io.memos4j.core.files.PrivateDirectories;
import io.memos4j.internal.Sha256Hash;
import io.memos4j.modelfiles.BaseModel;
import io.memos4j.modelfiles.LoraAdapter;
import io.memos4j.modelfiles.TensorType;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.runtime.AdapterFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The directory of trained adapters. Each has a subdirectory named after the hash of its GGUF file, with both file
 * formats. Adapters that the vault does not reference are deleted by {@link #deleteUnreferenced}. Unfinished trainings
 * are in {@code work}, one subdirectory per cube. Thread-safe.
 */
public final class AdapterDirectory {
    private static final String GGUF = "adapter.gguf";
    private static final String PEFT = "peft";
    private static final String WORK = "work";

    private final Path directory;

    public AdapterDirectory(Path directory) {
        this.directory = directory;
    }

    /** Returns the files of an adapter. */
    AdapterFiles filesOf(Artifact artifact) {
        Path own = directory.resolve(artifact.hash());
        return new AdapterFiles(artifact.hash(), own.resolve(GGUF), own.resolve(PEFT));
    }

    /** Returns the working directory of a training; a later training of the same data resumes from it. */
    Path workDirectory(CubeKey cube, String dataHash) {
        return PrivateDirectories.create(directory, WORK, cube.toString(), dataHash);
    }

    /** Deletes the unfinished trainings of a cube. */
    void deleteWork(CubeKey cube) {
        PrivateDirectories.delete(directory.resolve(WORK).resolve(cube.toString()));
    }

    /**
     * Imports a trained adapter: validates it as untrusted input, converts it to both formats, and moves it to its
     * final place durably. It counts as unreferenced until the vault records it.
     *
     * @param trained a directory in PEFT format; it is deleted
     */
    Artifact importTrained(Path trained, Path base) {
        PrivateDirectories.create(directory);
        Path draft = trained.resolveSibling("draft");
        PrivateDirectories.delete(draft);
        try (LoraAdapter adapter = LoraAdapter.readPeft(trained, BaseModel.ofFolder(base))) {
            Files.createDirectory(draft);
            adapter.writeGguf(draft.resolve(GGUF), TensorType.F32);
            adapter.writePeft(draft.resolve(PEFT), TensorType.F32);
        } catch (IOException e) {
            throw PrivateDirectories.failure("write the adapter", e);
        }
        PrivateDirectories.delete(trained);
        return publish(draft);
    }

    private Artifact publish(Path draft) {
        try {
            String hash = Sha256Hash.of(draft.resolve(GGUF));
            long bytes = 0;
            for (Path file : listFiles(draft)) {
                bytes += Files.size(file);
                fsync(file);
            }
            Path place = directory.resolve(hash);
            PrivateDirectories.delete(place);
            Files.move(draft, place, StandardCopyOption.ATOMIC_MOVE);
            return new Artifact(hash, bytes);
        } catch (IOException e) {
            throw PrivateDirectories.failure("move the adapter to its directory", e);
        }
    }

    private static void fsync(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    private static List<Path> listFiles(Path path) throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    /**
     * Deletes all adapters except the given ones. A caller that imports an adapter holds this object's lock until the
     * vault has recorded it.
     */
    synchronized void deleteUnreferenced(Supplier<Set<String>> artifacts) {
        if (!Files.isDirectory(directory)) {
            return;
        }
        Set<String> named = artifacts.get();
        try (Stream<Path> all = Files.list(directory)) {
            all.filter(path -> !named.contains(path.getFileName().toString())
                            && !path.getFileName().toString().equals(WORK))
                    .forEach(PrivateDirectories::delete);
        } catch (IOException e) {
            throw PrivateDirectories.failure("delete unused adapters in " + directory, e);
        }
    }
}
