package io.memos4j.cli.memory;

import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.items.AddRequest;
import io.memos4j.api.items.AddResult;
import io.memos4j.api.items.AddResult.Outcome;
import io.memos4j.api.items.Message;
import io.memos4j.cli.command.EngineCommand;
import io.memos4j.cli.command.ExitCode;
import io.memos4j.cli.options.CubeOption;
import io.memos4j.cli.output.JsonOutput;
import io.memos4j.cli.output.TerminalDetection;
import io.memos4j.cli.output.VectorProgress;
import io.memos4j.core.MemOs;
import io.memos4j.internal.Sha256Hash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Imports chat logs and directories of documents. The idempotency key of each batch is made of a hash of the file and
 * the line numbers, so an import that was interrupted or is repeated stores nothing twice.
 */
@Command(
        name = "import",
        description = "Import chat logs (JSONL) and directories of documents; can be repeated after an interruption.")
public final class ImportCommand extends EngineCommand {
    private static final int BATCH = 200;
    private static final int HASH_DIGITS = 32;

    @Mixin
    private CubeOption cube;

    @Parameters(arity = "1..*", paramLabel = "PATH")
    private List<Path> paths = List.of();

    @Option(names = "--skip-bad")
    private boolean skipBad;

    @Option(names = "--no-wait")
    private boolean noWait;

    @Option(names = "--json")
    private boolean json;

    private long messages;
    private long documents;
    private long chunks;
    private long repeated;
    private long bad;

    @Override
    protected int run(MemOs memos) throws IOException {
        long start = System.nanoTime();
        List<Path> files = files();
        MemCube target = memos.cube(cube.name());
        for (Path file : files) {
            if (ChatLogReader.isChatLog(file)) {
                importLog(target, file);
            } else {
                importDocument(target, file);
            }
        }
        if (!noWait) {
            VectorProgress.await(target, err(), Duration.ofDays(1));
        }
        summary((System.nanoTime() - start) / 1e9);
        return ExitCode.OK;
    }

    private List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path path : paths) {
            if (Files.isDirectory(path)) {
                // A named directory may be a link itself, but links in it may lead anywhere.
                try (Stream<Path> found = Files.walk(path.toRealPath())) {
                    found.sorted().forEach(file -> {
                        if (Files.isSymbolicLink(file)) {
                            warn("skipped " + file + ": it is a symbolic link. To import its target, name it.");
                        } else if (Files.isRegularFile(file) && DocumentFiles.isDocument(file)) {
                            files.add(file);
                        }
                    });
                }
            } else if (Files.isRegularFile(path)) {
                files.add(path);
            } else {
                throw MemoryException.invalid("There is no file or directory " + path + ".");
            }
        }
        return files;
    }

    private void importLog(MemCube target, Path file) throws IOException {
        checkLog(file);
        String hash = Sha256Hash.of(file).substring(0, HASH_DIGITS);
        List<Message> batch = new ArrayList<>();
        int[] lines = new int[2];
        try (ProgressBar bar =
                TerminalDetection.err() ? VectorProgress.bar(String.valueOf(file.getFileName()), count(file)) : null) {
            ChatLogReader.read(file, line -> {
                bad += line.problem().isPresent() ? 1 : 0;
                batch.addAll(line.messages());
                lines[1] = line.number();
                if (batch.size() >= BATCH) {
                    flush(target, batch, "import " + hash + " " + lines[0] + "-" + lines[1]);
                    lines[0] = lines[1];
                }
                if (bar != null) {
                    bar.step();
                }
            });
            flush(target, batch, "import " + hash + " " + lines[0] + "-" + lines[1]);
        }
    }

    /** Throws for a malformed line before anything of the file is stored. */
    private void checkLog(Path file) throws IOException {
        if (!skipBad) {
            ChatLogReader.read(
                    file,
                    line -> line.problem().ifPresent(problem -> {
                        throw MemoryException.invalid(
                                file + ":" + line.number() + ": " + problem + ". Nothing of this file was imported."
                                        + " Fix the line, or skip such lines with --skip-bad.");
                    }));
        }
    }

    private static long count(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        }
    }

    private void flush(MemCube target, List<Message> batch, String key) {
        if (!batch.isEmpty()) {
            AddResult result = target.add(AddRequest.of(batch).withIdempotencyKey(key));
            messages += batch.size();
            repeated += result.replayed() ? batch.size() : countDuplicates(result);
            batch.clear();
        }
    }

    private static long countDuplicates(AddResult result) {
        return result.items().stream()
                .filter(added -> added.outcome() == Outcome.DUPLICATE)
                .count();
    }

    private void importDocument(MemCube target, Path file) throws IOException {
        try {
            AddResult result = target.add(DocumentFiles.read(file));
            documents++;
            chunks += result.items().size();
            repeated += countDuplicates(result);
        } catch (MemoryException e) {
            if (!skipBad) {
                throw e;
            }
            bad++;
            warn("skipped " + file + ": " + e.getMessage());
        }
    }

    private void summary(double seconds) {
        if (json) {
            out().println(JsonOutput.of(Map.of(
                    "messages", messages,
                    "documents", documents,
                    "chunks", chunks,
                    "repeated", repeated,
                    "bad", bad,
                    "seconds", seconds)));
            return;
        }
        out().printf(
                        Locale.ROOT,
                        "%,d messages and %,d documents (%,d chunks) imported into cube '%s' in %.1f s.%n",
                        messages,
                        documents,
                        chunks,
                        cube.name(),
                        seconds);
        if (repeated > 0) {
            out().printf(Locale.ROOT, "%,d of them existed already and were not stored again.%n", repeated);
        }
        if (bad > 0) {
            out().printf(Locale.ROOT, "%,d lines or documents could not be read and were skipped.%n", bad);
        }
    }
}
