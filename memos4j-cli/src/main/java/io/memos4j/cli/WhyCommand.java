package io.memos4j.cli;

import io.memos4j.api.Explanation;
import io.memos4j.api.ItemId;
import io.memos4j.core.MemOs;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Explains why a cube says something. */
@Command(
        name = "why",
        description = "Explain an item: what it was made from, by whom, and what has become of it since.")
final class WhyCommand extends MemoryCommand {
    @Mixin
    private CubeOption cube;

    @Parameters(paramLabel = "ID", description = "The item's id.")
    private String id;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    int run(MemOs memos) {
        Explanation explanation = existing(memos, cube.name()).explain(ItemId.parse(id));
        if (json) {
            out().println(Json.of(Json.SHAPES.explanation(explanation)));
        } else {
            out().println(explanation.text());
        }
        return 0;
    }
}
