package io.memos4j.cli.maintenance;

import io.memos4j.api.MemoryException;
import io.memos4j.cli.command.EngineCommand;
import io.memos4j.cli.command.ExitCode;
import io.memos4j.core.MemOs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Writes a data directory into one backup file. */
@Command(
        name = "backup",
        description = {
            "Back up the data directory into one new file; 'restore FILE --data NEWDIR' restores it.",
            "While a server runs on the directory, ask the server instead: POST /v1/backup."
        })
public final class BackupCommand extends EngineCommand {
    @Parameters(index = "0", paramLabel = "FILE", description = "The new file.")
    private Path file;

    @Override
    public Integer call() throws Exception {
        if (!Files.isDirectory(data())) {
            throw MemoryException.invalid("There is no data directory " + data() + ". Choose one with --data.");
        }
        return super.call();
    }

    @Override
    protected int run(MemOs memos) throws IOException {
        memos.backup(file);
        out().println("Wrote " + (Files.size(file) >> 10) + " KiB to " + file);
        return ExitCode.OK;
    }
}
