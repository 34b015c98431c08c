package io.memos4j.bench.performance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads the resident memory of a process, as the operating system counts it. */
final class ResidentMemory {
    private ResidentMemory() {}

    /** Returns the resident memory of this process in MiB; 0 if the system does not report it. */
    static double megabytes() {
        return megabytes(ProcessHandle.current().pid());
    }

    static double megabytes(long process) {
        return megabytes(process, "VmRSS:");
    }

    /**
     * Returns the peak in MiB since {@link #forgetPeak}, or since the start of the process if that is not supported.
     */
    static double peak() {
        return megabytes(ProcessHandle.current().pid(), "VmHWM:");
    }

    /** Resets {@link #peak}; returns false if the system does not support that. */
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

    /** Returns the resident memory in MiB of a fresh engine without the embedding model, after an add and a search. */
    static double idleEngine() {
        List<String> options = List.of("-Xmx64m", "-XX:+UseSerialGC");
        try (ScratchDirectory workspace = new ScratchDirectory();
                ChildJvm process = new ChildJvm(IdleEngineProcess.class, options, workspace.folder("idle"))) {
            process.readLine();
            return megabytes(process.pid());
        }
    }
}
