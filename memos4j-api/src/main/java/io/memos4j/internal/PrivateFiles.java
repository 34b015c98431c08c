package io.memos4j.internal;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps files and directories from other users of the machine: directories get the mode 0700, files 0600, whatever the
 * umask. Where the file system knows no POSIX permissions, or does not change them, everything is created as usual.
 */
public final class PrivateFiles {
    private static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");

    private PrivateFiles() {}

    /** Creates a directory that only the current user may open, with its missing parents; none that exists changes. */
    public static void createDirectory(Path directory) throws IOException {
        Files.createDirectories(directory, attributes(directory, OWNER));
    }

    /** Creates an empty file that only the current user may read and write; does nothing if it exists. */
    public static void createFile(Path file) throws IOException {
        try {
            Files.createFile(file, attributes(file, FILE));
        } catch (FileAlreadyExistsException e) {
            // Whoever opened it before has its permissions checked at the opening of the data directory.
        }
    }

    private static FileAttribute<?>[] attributes(Path path, Set<PosixFilePermission> permissions) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
                : new FileAttribute<?>[0];
    }

    /** Returns whether the group or others have any permission; false on a file system that knows none. */
    public static boolean isOpenToOthers(Path path) {
        try {
            return view(path).isPresent() && !OWNER.containsAll(permissions(path));
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Takes every permission from the group and from others. Symbolic links are left alone.
     *
     * @return false if they had some and keep them, because the path has another owner or its file system does not
     *     change permissions
     */
    public static boolean restrict(Path path) {
        if (!isOpenToOthers(path)) {
            return true;
        }
        try {
            Set<PosixFilePermission> kept = EnumSet.copyOf(OWNER);
            kept.retainAll(permissions(path));
            view(path).orElseThrow().setPermissions(kept);
            return !isOpenToOthers(path);
        } catch (IOException e) {
            return false;
        }
    }

    private static Set<PosixFilePermission> permissions(Path path) throws IOException {
        return view(path).orElseThrow().readAttributes().permissions();
    }

    private static Optional<PosixFileAttributeView> view(Path path) {
        return Files.isSymbolicLink(path)
                ? Optional.empty()
                : Optional.ofNullable(
                        Files.getFileAttributeView(path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS));
    }
}
