package io.memos4j.cli.history;

import io.memos4j.api.MemCube;
import io.memos4j.api.history.ChangeId;
import io.memos4j.api.history.UndoResult;
import io.memos4j.cli.command.CubeCommand;
import io.memos4j.cli.command.ExitCode;
import io.memos4j.cli.output.JsonOutput;
import io.memos4j.cli.output.TextOutput;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Undoes a change. */
@Command(name = "undo", description = "Undo a change; the undoing is a change itself and can be undone.")
public final class UndoCommand extends CubeCommand {
    @Parameters(index = "0", paramLabel = "CHANGE")
    private String change;

    @Override
    protected int run(MemCube target) {
        UndoResult result = target.undo(ChangeId.parse(change));
        if (json()) {
            printJson(JsonOutput.SHAPES.undone(result));
            return ExitCode.OK;
        }
        TextOutput screen = screen();
        if (result.repeated()) {
            screen.line("It was undone before. Nothing was changed.");
        }
        result.restored()
                .forEach(item -> screen.wrapped(
                        item.id() + " is " + item.state().id() + " again: '" + TextOutput.firstLine(item.text()) + "'",
                        "",
                        "  "));
        return ExitCode.OK;
    }
}
