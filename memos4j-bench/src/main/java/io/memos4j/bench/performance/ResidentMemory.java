package io.memos4j.bench.performance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a process occupies in memory, as the operating system counts it. */
final class ResidentMemory {
    private ResidentMemory() {}

    /** Of this process, in MiB; 0 where the system does not tell. */
    static double megabytes() {
        return megabytes(ProcessHandle.current().pid());
    }

    static double megabytes(long process) {
        return megabytes(process, "VmRSS:");
    }

    /** The most since {@link #forgetPeak}, or since this process began where that cannot be forgotten; in MiB. */
    static double peak() {
        return megabytes(ProcessHandle.current().pid(), "VmHWM:");
    }

    /** Lets {@link #peak} begin anew; false where the system does not do that. */
    static boolean forgetPeak() {
        try {
            Files.writeString(Path.of("/proc/self/clear_refs"), "5");
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static double megabytes(long process, String measure) {
        Path status = Path.of("/proc", Long.toString(process), "status");
        try {
            return Files.readAllLines(status).stream()
                    .filter(line -> line.startsWith(measure))
                    .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1_024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }

    /**
     * Of a fresh process that opens an engine without the embedding model, adds a message, searches and then idles; in
     * MiB.
     */
    static double idleEngine() {
        try (ScratchDirectory workspace = new ScratchDirectory()) {
            Process process = new ProcessBuilder(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx64m",
                            "-XX:+UseSerialGC",
                            "--enable-native-access=ALL-UNNAMED",
                            "-cp",
                            System.getProperty("java.class.path"),
                            IdleEngineProcess.class.getName(),
                            workspace.folder("idle").toString()))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (BufferedReader output =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                output.readLine();
                return megabytes(process.pid());
            } finally {
                process.destroyForcibly().waitFor();
            }
        } catch (IOException e) {
            throw new IllegalStateException("Cannot start the idle engine.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted.", e);
        }
    }
}
