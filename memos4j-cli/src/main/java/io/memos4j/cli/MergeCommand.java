package io.memos4j.cli;

import io.memos4j.api.CubeId;
import io.memos4j.api.MergeReport;
import io.memos4j.api.MergeReport.Duplicate;
import io.memos4j.core.MemOs;
import io.memos4j.server.v1.Shapes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Copies one cube into another. */
@Command(
        name = "merge",
        description =
                "Copy what a cube holds into another one. Where they contradict each other, the later statement holds.")
final class MergeCommand extends MemoryCommand {
    @Parameters(index = "0", paramLabel = "FROM", description = "The cube to copy; it stays as it is.")
    private String from;

    @Parameters(index = "1", paramLabel = "TO", description = "The cube that gets the copies.")
    private String to;

    @Option(names = "--dry-run", description = "Say what would be copied and what contradicts it, and do nothing.")
    private boolean dryRun;

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask.")
    private boolean yes;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    int run(MemOs memos) {
        CubeId source = existing(memos, from).id();
        CubeId target = existing(memos, to).id();
        if (!dryRun) {
            Confirmation.requireForChange(yes, "Copy cube '" + source + "' into cube '" + target + "'");
        }
        MergeReport report = dryRun ? memos.compare(source, target) : memos.merge(source, target);
        if (json) {
            out().println(Json.of(json(report)));
        } else {
            print(report);
        }
        return 0;
    }

    private void print(MergeReport report) {
        Screen screen = new Screen(out());
        screen.format(
                "%s %,d items; %,d are there already; %,d contradict what is there.",
                dryRun ? "Would copy" : "Copied",
                report.copied().size(),
                report.duplicates().size(),
                report.conflicts().size());
        List<Duplicate> different =
                report.duplicates().stream().filter(each -> !each.same()).toList();
        if (!different.isEmpty()) {
            screen.line("With another text there, and left as they are:");
            different.forEach(each -> screen.line("  " + each.item() + "  there: " + each.present()));
        }
        Conflicts.print(screen, report.conflicts());
    }

    private Map<String, Object> json(MergeReport report) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("from", report.from().value());
        json.put("to", report.to().value());
        json.put("dry_run", dryRun);
        json.put("copied", Shapes.ids(report.copied()));
        json.put(
                "duplicates",
                report.duplicates().stream()
                        .map(each -> Map.of(
                                "item", each.item().toString(),
                                "present", each.present().toString(),
                                "same", each.same()))
                        .toList());
        json.put("conflicts", Conflicts.json(report.conflicts()));
        return json;
    }
}
