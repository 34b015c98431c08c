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
 * A folder of a stranger's files. A file is named by one plain name, and is one of this folder: no link, no way up,
 * nothing outside.
 *
 * <p>Links are refused also where they stay inside. Whoever can write the folder while it is read can exchange a file
 * between check and reading; copy a folder that others can write before it is read.
 */
public final class ArtifactFolder {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,127}");

    private final Path folder;
    private final ErrorCode refusal;

    private ArtifactFolder(Path folder, ErrorCode refusal) {
        this.folder = folder;
        this.refusal = refusal;
    }

    /** A folder that exists; whatever is wrong with it is refused with the given code. */
    public static ArtifactFolder of(Path folder, ErrorCode refusal) {
        if (!Files.isDirectory(folder)) {
            throw new MemoryException(
                    refusal, "Cannot use " + folder + ": it is no folder. Give the folder that has the files.");
        }
        return new ArtifactFolder(folder, refusal);
    }

    /** The path of a name, whether or not there is such a file; anything but a plain name is refused. */
    public Path named(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new MemoryException(
                    refusal,
                    "Cannot use the name " + LoraValidator.shown(name).replace('\0', '?') + " in " + folder
                            + ": names of files are letters, digits, dots and dashes. Rename the file.");
        }
        return folder.resolve(name);
    }

    /** The regular file of a name. */
    public Path file(String name) {
        Path file = named(name);
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

    /** Whether there is anything of this name, be it a link to nowhere. */
    boolean has(String name) {
        return Files.exists(named(name), LinkOption.NOFOLLOW_LINKS);
    }

    /** All of a small file. */
    byte[] content(String name, int most) throws BrokenFileException {
        Path file = file(name);
        byte[] start = start(file, most + 1);
        if (start.length > most) {
            throw new BrokenFileException("its " + name + " has more than " + most + " bytes");
        }
        return start;
    }

    /**
     * Refuses what Python would unpickle, by its first bytes: a pickle, or the archive of {@code torch.save}. A
     * safetensors file may begin like a pickle, with the length of its head, and is told apart by the brace and the
     * zeros before it.
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
