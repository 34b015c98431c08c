package io.memos4j.core;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Looks for texts in the bytes and names of a directory's files. */
final class DirectoryBytes {
    private DirectoryBytes() {}

    /** Returns the files that hold a text in UTF-8 or UTF-16, or bear it in their name; case does not count. */
    static List<Path> filesWith(Path directory, String text) throws IOException {
        String wanted = text.toLowerCase(Locale.ROOT);
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> directory.relativize(file).toString().contains(wanted)
                            || (Files.isRegularFile(file) && contains(file, wanted)))
                    .toList();
        }
    }

    private static boolean contains(Path file, String wanted) {
        try {
            String bytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
            return bytes.contains(wanted)
                    || bytes.contains(
                            new String(wanted.getBytes(StandardCharsets.UTF_16LE), StandardCharsets.ISO_8859_1));
        } catch (NoSuchFileException e) {
            // A merge of the index has removed it meanwhile.
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
