package io.memos4j.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Installs and runs Node clients at the versions of {@code src/test/npm/NAME/package-lock.json}. */
public final class NpmProject {
    private static final int MINUTES = 5;

    private final Path folder;

    private NpmProject(Path folder) {
        this.folder = folder;
    }

    /** Installs missing packages. */
    public static NpmProject installed(String name) {
        Path source = Path.of("src", "test", "npm", name);
        NpmProject project = new NpmProject(Path.of("target", "npm", name).toAbsolutePath());
        try {
            project.copy(source);
            Path stamp = project.folder.resolve("installed-lock.json");
            Path lock = project.folder.resolve("package-lock.json");
            if (!Files.exists(stamp) || Files.mismatch(stamp, lock) >= 0) {
                Output output = project.run(List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"));
                if (output.status() != 0) {
                    throw new AssertionError("npm could not install the clients of " + source + ":\n" + output.all());
                }
                Files.copy(lock, stamp, StandardCopyOption.REPLACE_EXISTING);
            }
            return project;
        } catch (IOException e) {
            throw new UncheckedIOException("The clients of " + source + " cannot be installed", e);
        }
    }

    private void copy(Path source) throws IOException {
        Files.createDirectories(folder);
        try (Stream<Path> files = Files.list(source)) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    /** The exit code and output of a program. */
    public record Output(int status, String out, String err) {
        public String all() {
            return "exit " + status + "\n" + out + "\n" + err;
        }
    }

    /** Runs a script of the project. */
    public Output node(String... arguments) {
        List<String> command = new ArrayList<>(List.of("node"));
        command.addAll(Arrays.asList(arguments));
        return run(command);
    }

    /** Runs a program of a package. */
    public Output program(String name, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                folder.resolve("node_modules").resolve(".bin").resolve(name).toString()));
        command.addAll(Arrays.asList(arguments));
        return run(command);
    }

    private Output run(List<String> command) {
        try {
            Path out = Files.createTempFile(folder, "out", ".txt");
            Path err = Files.createTempFile(folder, "err", ".txt");
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                throw new AssertionError(command + " did not end:\n" + Files.readString(out) + Files.readString(err));
            }
            Output output = new Output(
                    process.exitValue(),
                    Files.readString(out, StandardCharsets.UTF_8),
                    Files.readString(err, StandardCharsets.UTF_8));
            Files.delete(out);
            Files.delete(err);
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Cannot run " + command.getFirst() + ". These tests need Node 20 or newer with npm on the PATH.",
                    e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
