package io.memos4j.cli.history;

import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryException;
import io.memos4j.cli.command.EngineCommand;
import io.memos4j.cli.command.ExitCode;
import io.memos4j.cli.options.CubeOption;
import io.memos4j.core.MemOs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Restores a version of an item, or a whole data directory from a backup. */
@Command(
        name = "restore",
        description = {
            "Restore an earlier version of an item, or a data directory from a backup.",
            "restore ID VERSION: make an earlier version of an item its current one; history lists the versions.",
            "restore FILE --data NEWDIR: verify a backup and restore it into a new data directory."
        })
public final class RestoreCommand extends EngineCommand {
    @Mixin
    private CubeOption cube;

    @Parameters(index = "0", paramLabel = "ID|FILE", description = "The item's ID, or the file written by backup.")
    private String what;

    @Parameters(index = "1", arity = "0..1", paramLabel = "VERSION", description = "The number of the item's version.")
    private Optional<Integer> version = Optional.empty();

    @Option(names = "--json", description = "Print JSON, one object per line.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        if (version.isPresent()) {
            return super.call();
        }
        Path file = Path.of(what);
        if (!Files.exists(file)) {
            throw MemoryException.invalid("There is no file " + file
                    + ". Give a file written by backup, or an item's ID and the number of a version.");
        }
        MemOs.restore(file, data());
        out().println("Restored " + what + " to " + data());
        return ExitCode.OK;
    }

    @Override
    protected int run(MemOs memos) {
        printChanged(requireCube(memos, cube.name()).restore(ItemId.parse(what), version.orElseThrow()), json);
        return ExitCode.OK;
    }
}
