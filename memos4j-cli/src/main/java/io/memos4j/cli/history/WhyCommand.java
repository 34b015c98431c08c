package io.memos4j.cli.history;

import io.memos4j.api.ItemId;
import io.memos4j.api.history.ItemExplanation;
import io.memos4j.cli.command.EngineCommand;
import io.memos4j.cli.options.CubeOption;
import io.memos4j.cli.output.JsonOutput;
import io.memos4j.core.MemOs;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Explains why a cube says something. */
@Command(
        name = "why",
        description = "Explain an item: what it was made from, by whom, and what has become of it since.")
public final class WhyCommand extends EngineCommand {
    @Mixin
    private CubeOption cube;

    @Parameters(paramLabel = "ID", description = "The item's id.")
    private String id;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public int run(MemOs memos) {
        ItemExplanation explanation = requireCube(memos, cube.name()).explain(ItemId.parse(id));
        if (json) {
            out().println(JsonOutput.of(JsonOutput.SHAPES.explanation(explanation)));
        } else {
            out().println(explanation.text());
        }
        return 0;
    }
}
