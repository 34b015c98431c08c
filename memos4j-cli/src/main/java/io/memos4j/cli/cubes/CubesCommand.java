package io.memos4j.cli.cubes;

import io.memos4j.api.CubeDescription;
import io.memos4j.api.CubeId;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.cli.command.EngineCommand;
import io.memos4j.cli.command.ExitCode;
import io.memos4j.cli.output.ConfirmationPrompt;
import io.memos4j.cli.output.JsonOutput;
import io.memos4j.core.MemOs;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists, creates, describes and deletes cubes. */
@Command(name = "cubes", description = "List the cubes, or create, describe or delete one.")
public final class CubesCommand extends EngineCommand {
    /** The actions of the command. */
    enum Action {
        LIST,
        CREATE,
        DESCRIBE,
        DELETE
    }

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "ACTION",
            defaultValue = "LIST",
            description = "list (default), create, describe or delete.")
    private Action action;

    @Parameters(index = "1", arity = "0..1", paramLabel = "NAME", description = "The cube.")
    private Optional<String> name = Optional.empty();

    @Mixin
    private ConfirmationPrompt confirmation;

    @Option(names = "--json", description = "Print JSON, one object per line.")
    private boolean json;

    @Override
    protected int run(MemOs memos) {
        switch (action) {
            case LIST ->
                memos.cubes()
                        .forEach(id -> memos.find(id).map(MemCube::describe).ifPresent(this::print));
            case CREATE -> print(memos.create(CubeId.of(name())).describe());
            case DESCRIBE -> print(requireCube(memos, name()).describe());
            case DELETE -> delete(memos);
        }
        return ExitCode.OK;
    }

    private void delete(MemOs memos) {
        MemCube cube = requireCube(memos, name());
        confirmation.requireForErasure(
                "Erase cube '" + cube.id() + "' with " + cube.describe().itemCount() + " items");
        memos.delete(cube.id());
        memos.compact();
        out().println("Erased cube '" + cube.id() + "'; nothing is left on disk.");
    }

    private String name() {
        return name.orElseThrow(() ->
                MemoryException.invalid("Name the cube: cubes " + action.name().toLowerCase(Locale.ROOT) + " NAME."));
    }

    private void print(CubeDescription cube) {
        if (json) {
            out().println(JsonOutput.of(JsonOutput.SHAPES.cube(cube)));
        } else {
            screen().format(
                            "%-24s %,8d items  %,6d sessions  %s%s",
                            cube.id(),
                            cube.itemCount(),
                            cube.sessions(),
                            cube.embedder().isEmpty() ? "no vectors" : cube.embedder(),
                            cube.pendingVectors() > 0 ? "  (" + cube.pendingVectors() + " vectors pending)" : "");
        }
    }
}
