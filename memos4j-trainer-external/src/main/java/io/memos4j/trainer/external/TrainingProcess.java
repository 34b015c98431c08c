package io.memos4j.trainer.external;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A running program and everything that it has started. For one thread.
 *
 * <p>Its output is read when it is available, never waited for: no thread blocks on a pipe that some grandchild holds
 * open, and a program that floods its output is slowed down by its own pipe. Closing kills the whole process tree. The
 * system reports only descendants of running processes, so they are recorded every second; a process that is started
 * and loses its parent within that second is missed.
 */
final class TrainingProcess implements AutoCloseable {
    private static final int BLOCK = 1 << 16;
    private static final long REST_MILLIS = 20;
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long KILL_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Process process;
    private final LineSplitter lines;
    private final OutputTail said = new OutputTail();
    private final OutputTail complained = new OutputTail();
    private final byte[] block = new byte[BLOCK];
    private final Set<ProcessHandle> tree = new HashSet<>();
    private long looked;

    private TrainingProcess(Process process, LineSplitter lines) {
        this.process = process;
        this.lines = lines;
        tree.add(process.toHandle());
        trackDescendants();
    }

    /** Starts a program in a folder, with empty input and only the given environment variables. */
    static TrainingProcess start(List<String> command, Path folder, Map<String, String> variables, LineSplitter lines) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().clear();
        builder.environment().putAll(variables);
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            return new TrainingProcess(process, lines);
        } catch (IOException e) {
            throw new MemoryException(
                    ErrorCode.RUNTIME_FAILED,
                    "Cannot start the program " + command.getFirst() + ": " + e.getMessage()
                            + ". Check that it exists and is executable.",
                    e);
        }
    }

    /** Reads available output, or rests if there is none; false when the program has ended and everything is read. */
    boolean pump() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        boolean ended = !process.isAlive();
        int out = read(process.getInputStream(), said);
        lines.add(block, out);
        int err = read(process.getErrorStream(), complained);
        if (System.nanoTime() - looked > LOOK_NANOS) {
            trackDescendants();
        }
        if (out + err > 0) {
            return true;
        }
        if (ended) {
            lines.end();
            return false;
        }
        process.waitFor(REST_MILLIS, TimeUnit.MILLISECONDS);
        return true;
    }

    private int read(InputStream from, OutputTail tail) {
        try {
            int length = Math.max(0, from.read(block, 0, Math.min(BLOCK, from.available())));
            tail.add(block, length);
            return length;
        } catch (IOException e) {
            throw new MemoryException(ErrorCode.RUNTIME_FAILED, "Lost the pipe to the training program: " + e, e);
        }
    }

    /** The exit code; 128 plus the signal number if a signal ended it. */
    int exitCode() {
        return process.exitValue();
    }

    /** The end of its error output, or of its standard output if that is blank. */
    String lastOutput() {
        String complaints = complained.text();
        return complaints.isBlank() ? said.text() : complaints;
    }

    private void trackDescendants() {
        looked = System.nanoTime();
        for (ProcessHandle each : List.copyOf(tree)) {
            each.descendants().forEach(tree::add);
        }
        tree.removeIf(each -> !isRunning(each) && each.pid() != process.pid());
    }

    /** Tells whether a process runs: a zombie has no command line any more. */
    private static boolean isRunning(ProcessHandle each) {
        return each.isAlive() && each.info().command().isPresent();
    }

    /** Kills the process tree and waits until it is gone, even when interrupted. */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted();
        long deadline = System.nanoTime() + KILL_NANOS;
        boolean gone = false;
        while (!gone && System.nanoTime() < deadline) {
            trackDescendants();
            gone = tree.stream().noneMatch(TrainingProcess::isRunning);
            tree.forEach(ProcessHandle::destroyForcibly);
            if (!gone) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
                interrupted |= Thread.interrupted();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
