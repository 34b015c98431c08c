package io.memos4j.core;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Data directories that earlier releases wrote, as zip files among the resources. */
final class DataDirectoryArchive {
    private DataDirectoryArchive() {}

    /** Unpacks the directory of a commit. */
    static void unpack(String commit, Path directory) throws IOException {
        String name = "data-directory-" + commit + ".zip";
        try (InputStream archive = Objects.requireNonNull(DataDirectoryArchive.class.getResourceAsStream(name), name);
                ZipInputStream files = new ZipInputStream(archive)) {
            for (ZipEntry entry = files.getNextEntry(); entry != null; entry = files.getNextEntry()) {
                Path file = directory.resolve(entry.getName());
                if (entry.isDirectory()) {
                    Files.createDirectories(file);
                } else {
                    Files.createDirectories(file.getParent());
                    Files.copy(files, file);
                }
            }
        }
    }
}
