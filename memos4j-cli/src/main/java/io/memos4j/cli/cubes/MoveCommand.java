package io.memos4j.cli.cubes;

import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.Selection;
import io.memos4j.api.transfer.MoveReport;
import io.memos4j.cli.command.EngineCommand;
import io.memos4j.cli.command.ExitCode;
import io.memos4j.cli.options.FilterOptions;
import io.memos4j.cli.output.ConfirmationPrompt;
import io.memos4j.cli.output.JsonOutput;
import io.memos4j.cli.output.TextOutput;
import io.memos4j.core.MemOs;
import io.memos4j.server.v1.ApiJson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Moves items from one cube to another. */
@Command(
        name = "move",
        description = "Move items, with their history and everything derived from them, to another cube.")
public final class MoveCommand extends EngineCommand {
    @Mixin
    private FilterOptions filter;

    @Parameters(index = "0", paramLabel = "FROM", description = "The cube that has them.")
    private String from;

    @Parameters(index = "1", paramLabel = "TO", description = "The cube that receives them.")
    private String to;

    @Option(names = "--item", paramLabel = "ID", description = "Move this item (repeatable).")
    private List<String> ids = List.of();

    @Mixin
    private ConfirmationPrompt confirmation;

    @Option(names = "--json", description = "Print JSON, one object per line.")
    private boolean json;

    @Override
    protected int run(MemOs memos) {
        MemCube source = requireCube(memos, from);
        MemCube target = requireCube(memos, to);
        Filter which = selectedItems();
        long count = count(source, which);
        if (count == 0) {
            throw MemoryException.invalid("Nothing in cube '" + from + "' matches. Nothing was moved.");
        }
        confirmation.requireForChange("Move " + count + " items, and everything derived from them, from cube '" + from
                + "' to cube '" + to + "'");
        MoveReport report = memos.move(source.id(), target.id(), Selection.matching(which));
        if (json) {
            out().println(JsonOutput.of(json(report)));
        } else {
            TextOutput screen = screen();
            screen.format(
                    "Moved %,d items and %,d derived ones; %,d contradict existing items.",
                    report.selected().size(),
                    report.derived().size(),
                    report.conflicts().size());
            TransferConflictPrinter.print(screen, report.conflicts());
        }
        return ExitCode.OK;
    }

    private Filter selectedItems() {
        Filter given = filter.filter();
        if (ids.isEmpty()) {
            if (given.equals(Filter.ALL)) {
                throw MemoryException.invalid("Say what to move: --item, --session or another condition."
                        + " To copy everything: memos4j merge");
            }
            return given;
        }
        Filter named = Filter.in(
                "id", ids.stream().map(id -> ItemId.parse(id).toString()).toList());
        return given.equals(Filter.ALL) ? named : Filter.and(named, given);
    }

    private static Map<String, Object> json(MoveReport report) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("from", report.from().value());
        json.put("to", report.to().value());
        json.put("moved", ApiJson.ids(report.selected()));
        json.put("derived", ApiJson.ids(report.derived()));
        json.put("conflicts", TransferConflictPrinter.json(report.conflicts()));
        return json;
    }
}
