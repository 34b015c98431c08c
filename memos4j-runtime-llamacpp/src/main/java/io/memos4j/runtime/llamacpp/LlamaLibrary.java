package io.memos4j.runtime.llamacpp;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.internal.Sha256Hash;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The file of the native library that comes with this module, unpacked once per user.
 *
 * <p>It is in {@code memos4j/native/<hash>/} of the user's cache folder, which only the user may write to. An existing
 * file is used only if it has the hash that this release expects, so neither a torn copy nor another library is ever
 * loaded.
 */
final class LlamaLibrary {
    private static final String FOLDER = "/de/kherud/llama/";

    /** The SHA-256 of each library in de.kherud:llama:4.2.0. */
    private static final Map<String, String> HASHES = Map.of(
            "Linux/x86_64/libjllama.so", "93276c536d00f037c37ed6ec1e55be9c828940f4a0af59af10a8f638a31bbc3c",
            "Linux/aarch64/libjllama.so", "d852c1625b2dac90a974613a2f019ecabf0c5d7bc054dcc14a05246d5aa2a1a7",
            "Mac/x86_64/libjllama.dylib", "02ec1b3570cde80e5fbfc3ba56b5de68ffef2a26e7b470a89547a80e87120e81",
            "Mac/aarch64/libjllama.dylib", "7ba2311dc634e24b572512a2279357327511ad3d77dea032a77feab77c14d341",
            "Windows/x86_64/jllama.dll", "6f9ddfdec919f3aa8853419b7e0e5868ffbd25294412314d4de41e6c20d63440");

    private final String name;
    private final String hash;

    private LlamaLibrary(String name, String hash) {
        this.name = name;
        this.hash = hash;
    }

    /** Finds the library for this machine. */
    static LlamaLibrary bundled() {
        return bundled(System.getProperty("os.name"), System.getProperty("os.arch"));
    }

    static LlamaLibrary bundled(String system, String processor) {
        String lower = system.toLowerCase(Locale.ROOT);
        String family = lower.startsWith("mac") ? "Mac" : lower.startsWith("windows") ? "Windows" : system;
        String machine = processor.equals("amd64") ? "x86_64" : processor.equals("arm64") ? "aarch64" : processor;
        String file = switch (family) {
            case "Mac" -> "libjllama.dylib";
            case "Windows" -> "jllama.dll";
            default -> "libjllama.so";
        };
        String name = family + "/" + machine + "/" + file;
        String hash = HASHES.get(name);
        if (hash == null) {
            throw failed("There is no llama.cpp for " + system + " on " + processor
                    + " in this release. Name a library of build " + LlamaAbi.BUILD + " in the options.");
        }
        return new LlamaLibrary(name, hash);
    }

    /** The user's cache folder. */
    static Path cacheFolder() {
        return Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
                .filter(folder -> !folder.isBlank())
                .map(Path::of)
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"));
    }

    /** Returns the file, and unpacks it below {@code cache} if needed. */
    Path unpack(Path cache) {
        try {
            Path folder = privateFolder(cache.resolve("memos4j").resolve("native"));
            Path own = privateFolder(folder.resolve(hash.substring(0, 16)));
            Path file = own.resolve(Path.of(name).getFileName());
            if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    && Sha256Hash.of(file).equals(hash)) {
                return file;
            }
            unpack(own, file);
            return file;
        } catch (IOException e) {
            throw new MemoryException(
                    ErrorCode.RUNTIME_FAILED,
                    "Cannot unpack llama.cpp below " + cache + ": " + e
                            + ". Point XDG_CACHE_HOME to a folder that can be written.",
                    e);
        }
    }

    private void unpack(Path folder, Path file) throws IOException {
        Path part = Files.createTempFile(folder, "unpacking", ".part");
        try (InputStream resource = LlamaLibrary.class.getResourceAsStream(FOLDER + name)) {
            if (resource == null) {
                throw failed("The jar de.kherud:llama is not on the class path.");
            }
            Files.copy(resource, part, StandardCopyOption.REPLACE_EXISTING);
            if (!Sha256Hash.of(part).equals(hash)) {
                throw failed("The jar de.kherud:llama has another " + name + " than this release expects (4.2.0).");
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** Creates a folder that is private to this user, or refuses one that is not. */
    private static Path privateFolder(Path folder) throws IOException {
        boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
        Files.createDirectories(folder);
        if (posix) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
            String user = System.getProperty("user.name");
            String owner = Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).getName();
            if (!owner.equals(user) || Files.isSymbolicLink(folder)) {
                throw failed("The folder " + folder + " belongs to " + owner + " or is a link; it must be a folder of "
                        + user + ". Remove it, or point XDG_CACHE_HOME elsewhere.");
            }
        }
        return folder;
    }

    private static MemoryException failed(String message) {
        return new MemoryException(ErrorCode.RUNTIME_FAILED, message);
    }
}
