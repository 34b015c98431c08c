package io.memos4j.cli.history;

import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.history.ItemExplanation;
import io.memos4j.cli.command.ExitCode;
import io.memos4j.cli.command.ItemCommand;
import io.memos4j.cli.output.JsonOutput;
import picocli.CommandLine.Command;

/** Explains the origin and history of an item. */
@Command(name = "why", description = "Explain an item: its sources, who recorded it, and what has become of it since.")
public final class WhyCommand extends ItemCommand {
    @Override
    protected int run(MemCube target, ItemId item) {
        ItemExplanation explanation = target.explain(item);
        if (json()) {
            printJson(JsonOutput.SHAPES.explanation(explanation));
        } else {
            out().println(explanation.text());
        }
        return ExitCode.OK;
    }
}
