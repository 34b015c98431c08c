package io.memos4j.core.parametric;

import io.memos4j.api.Adapter.Artifact;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.core.disk.Folders;
import io.memos4j.modelfiles.BaseModel;
import io.memos4j.modelfiles.LoraAdapter;
import io.memos4j.modelfiles.Numbers;
import io.memos4j.modelfiles.Sha256;
import io.memos4j.spi.AdapterFiles;
import io.memos4j.spi.CubeKey;
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
 * The folder of the adapters: each lies in a folder of its own that is named by the hash of its GGUF file, in both layouts. What the vault does
 * not name is waste and is erased by {@link #sweep}. Unfinished trainings lie under {@code work}, one folder for each cube. Thread-safe.
 */
final class AdapterFolder {
    private static final String GGUF = "adapter.gguf";
    private static final String PEFT = "peft";
    private static final String WORK = "work";

    private final Path folder;

    AdapterFolder(Path folder) {
        this.folder = folder;
    }

    /** Where an adapter lies. */
    AdapterFiles files(Artifact artifact) {
        Path own = folder.resolve(artifact.hash());
        return new AdapterFiles(artifact.hash(), own.resolve(GGUF), own.resolve(PEFT));
    }

    /** Where an unfinished training lies; another one of the same data goes on from it. */
    Path work(CubeKey cube, String dataHash) {
        return Folders.makePrivate(folder, WORK, cube.toString(), dataHash);
    }

    /** Erases the unfinished trainings of a cube. */
    void forgetWork(CubeKey cube) {
        Folders.erase(folder.resolve(WORK).resolve(cube.toString()));
    }

    /**
     * Takes in what was trained: reads it as untrusted, writes the other layout beside it, and puts both in their place, durably. Waste until
     * the vault names it.
     *
     * @param trained a folder in the layout of PEFT, which is gone afterwards
     */
    Artifact take(Path trained, Path base) {
        Folders.makePrivate(folder);
        Path draft = trained.resolveSibling("draft");
        Folders.erase(draft);
        try (LoraAdapter adapter = LoraAdapter.readPeft(trained, BaseModel.ofFolder(base))) {
            Files.createDirectory(draft);
            adapter.writeGguf(draft.resolve(GGUF), Numbers.F32);
            adapter.writePeft(draft.resolve(PEFT), Numbers.F32);
        } catch (IOException e) {
            throw failed("write the adapter", e);
        }
        Folders.erase(trained);
        return moved(draft);
    }

    private Artifact moved(Path draft) {
        try {
            String hash = Sha256.of(draft.resolve(GGUF));
            long bytes = 0;
            for (Path file : filesIn(draft)) {
                bytes += Files.size(file);
                force(file);
            }
            Path place = folder.resolve(hash);
            Folders.erase(place);
            Files.move(draft, place, StandardCopyOption.ATOMIC_MOVE);
            return new Artifact(hash, bytes);
        } catch (IOException e) {
            throw failed("put the adapter in its place", e);
        }
    }

    private static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    private static List<Path> filesIn(Path path) throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    /** Erases every adapter but these. Who takes one in holds this folder's lock until the vault names it. */
    synchronized void sweep(Supplier<Set<String>> artifacts) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        Set<String> named = artifacts.get();
        try (Stream<Path> all = Files.list(folder)) {
            all.filter(path -> !named.contains(path.getFileName().toString())
                            && !path.getFileName().toString().equals(WORK))
                    .forEach(Folders::erase);
        } catch (IOException e) {
            throw failed("erase what is no longer needed in " + folder, e);
        }
    }

    private static MemoryException failed(String what, IOException cause) {
        return new MemoryException(ErrorCode.STORAGE_FAILED, "Cannot " + what + ": " + cause + ".", cause);
    }
}
