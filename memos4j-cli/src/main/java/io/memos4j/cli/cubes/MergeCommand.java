package io.memos4j.cli.cubes;

import io.memos4j.api.CubeId;
import io.memos4j.api.transfer.MergeReport;
import io.memos4j.api.transfer.MergeReport.Duplicate;
import io.memos4j.cli.command.EngineCommand;
import io.memos4j.cli.command.ExitCode;
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

/** Copies one cube into another. */
@Command(
        name = "merge",
        description =
                "Copy the items of a cube into another. Where they contradict each other, the later statement holds.")
public final class MergeCommand extends EngineCommand {
    @Parameters(index = "0", paramLabel = "FROM", description = "The cube to copy; it stays as it is.")
    private String from;

    @Parameters(index = "1", paramLabel = "TO", description = "The cube that receives the copies.")
    private String to;

    @Option(names = "--dry-run", description = "Print what would be copied and what contradicts it; change nothing.")
    private boolean dryRun;

    @Mixin
    private ConfirmationPrompt confirmation;

    @Option(names = "--json", description = "Print JSON, one object per line.")
    private boolean json;

    @Override
    protected int run(MemOs memos) {
        CubeId source = requireCube(memos, from).id();
        CubeId target = requireCube(memos, to).id();
        if (!dryRun) {
            confirmation.requireForChange("Copy cube '" + source + "' into cube '" + target + "'");
        }
        MergeReport report = dryRun ? memos.compare(source, target) : memos.merge(source, target);
        if (json) {
            out().println(JsonOutput.of(json(report)));
        } else {
            print(report);
        }
        return ExitCode.OK;
    }

    private void print(MergeReport report) {
        TextOutput screen = screen();
        screen.format(
                "%s %,d items; %,d exist already; %,d contradict existing items.",
                dryRun ? "Would copy" : "Copied",
                report.copied().size(),
                report.duplicates().size(),
                report.conflicts().size());
        List<Duplicate> different =
                report.duplicates().stream().filter(each -> !each.same()).toList();
        if (!different.isEmpty()) {
            screen.line("Existing items with another text, left as they are:");
            different.forEach(each -> screen.line("  " + each.item() + "  exists as " + each.present()));
        }
        TransferConflictPrinter.print(screen, report.conflicts());
    }

    private Map<String, Object> json(MergeReport report) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("from", report.from().value());
        json.put("to", report.to().value());
        json.put("dry_run", dryRun);
        json.put("copied", ApiJson.ids(report.copied()));
        json.put(
                "duplicates",
                report.duplicates().stream()
                        .map(each -> Map.of(
                                "item", each.item().toString(),
                                "present", each.present().toString(),
                                "same", each.same()))
                        .toList());
        json.put("conflicts", TransferConflictPrinter.json(report.conflicts()));
        return json;
    }
}
