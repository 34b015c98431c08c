package io.memos4j.modelfiles;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * A folder of untrusted files. Files are named by plain names and must be in the folder: no links, no parent folders.
 *
 * <p>Links are refused even if they stay inside. Anyone who can write to the folder while it is read can replace a file
 * between check and read; copy such a folder first.
 */
public final class ArtifactFolder {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,127}");

    private final Path folder;
    private final ErrorCode refusal;

    private ArtifactFolder(Path folder, ErrorCode refusal) {
        this.folder = folder;
        this.refusal = refusal;
    }

    /** Opens an existing folder; problems with it are reported with the given code. */
    public static ArtifactFolder of(Path folder, ErrorCode refusal) {
        if (!Files.isDirectory(folder)) {
            throw new MemoryException(
                    refusal, "Cannot use " + folder + ": it is not a folder. Give the folder that has the files.");
        }
        return new ArtifactFolder(folder, refusal);
    }

    /** Resolves a name, whether or not there is such a file; refuses anything but a plain name. */
    public Path resolve(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new MemoryException(
                    refusal,
                    "Cannot use the name " + LoraValidator.excerpt(name).replace('\0', '?') + " in " + folder
                            + ": names of files are letters, digits, dots and dashes. Rename the file.");
        }
        return folder.resolve(name);
    }

    /** Resolves the name of a regular file. */
    public Path file(String name) {
        Path file = resolve(name);
        if (Files.isSymbolicLink(file)) {
            throw new MemoryException(
                    refusal,
                    "Cannot use " + file + ": it is a link. Copy the folder with the files that its links point to.");
        }
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new MemoryException(refusal, "Cannot use " + file + ": there is no such file. Export it again.");
        }
        return file;
    }

    /** Tells whether there is an entry of this name, even a broken link. */
    boolean has(String name) {
        return Files.exists(resolve(name), LinkOption.NOFOLLOW_LINKS);
    }

    /** Reads all of a small file. */
    byte[] readContent(String name, int most) throws BrokenFileException {
        Path file = file(name);
        byte[] start = start(file, most + 1);
        if (start.length > most) {
            throw new BrokenFileException("its " + name + " has more than " + most + " bytes");
        }
        return start;
    }

    /**
     * Refuses files that Python would unpickle, by their first bytes: a pickle, or an archive of {@code torch.save}. A
     * safetensors file may begin like a pickle, with the length of its header, and is recognized by the zeros and the
     * brace after it.
     */
    static void refusePickle(Path file) throws BrokenFileException {
        byte[] start = start(file, 9);
        if (start.length < 4 || isSafetensors(start)) {
            return;
        }
        boolean pickle = start[0] == (byte) 0x80 && start[1] >= 1 && start[1] <= 5;
        boolean archive = start[0] == 'P' && start[1] == 'K' && start[2] <= 8 && start[3] <= 8;
        if (pickle || archive) {
            throw new BrokenFileException("its file " + file.getFileName()
                    + " is a pickle, which runs code when it is read, whatever its name says; save it as safetensors");
        }
    }

    private static boolean isSafetensors(byte[] start) {
        boolean zeros = true;
        for (int i = 3; i < Math.min(8, start.length); i++) {
            zeros &= start[i] == 0;
        }
        return zeros && start.length == 9 && start[8] == '{';
    }

    private static byte[] start(Path file, int most) {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(most);
        } catch (IOException e) {
            throw TensorFile.failed(file, e);
        }
    }
}
