package io.memos4j.cli.admin;

import io.memos4j.api.CubeId;
import io.memos4j.api.Page;
import io.memos4j.api.access.AuditEntry;
import io.memos4j.api.access.AuditQuery;
import io.memos4j.cli.command.EngineCommand;
import io.memos4j.core.MemOs;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists who did what. */
@Command(name = "audit", description = "List what was asked of a server on this directory and by whom, newest first.")
public final class AuditCommand extends EngineCommand {
    @Option(names = "--cube", paramLabel = "NAME", description = "About this cube only; it need not exist any more.")
    private Optional<String> cube = Optional.empty();

    @Option(names = "--principal", paramLabel = "NAME", description = "Made by this principal only.")
    private Optional<String> principal = Optional.empty();

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "100",
            description = "List so many (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Option(
            names = "--cursor",
            paramLabel = "CURSOR",
            defaultValue = "",
            description = "Go on where the list before ended.")
    private String cursor;

    @Option(names = "--json", description = "Print JSON, one entry a line.")
    private boolean json;

    @Override
    public int run(MemOs memos) {
        AccessPrinter print = new AccessPrinter(out(), json);
        Page<AuditEntry> page =
                memos.governance().audit(new AuditQuery(principal, cube.map(CubeId::of), limit, cursor));
        page.items().forEach(print::printLine);
        if (page.items().isEmpty() && !json) {
            out().println("No entries.");
        }
        page.next().ifPresent(next -> err().println("memos4j: There are more, older ones: --cursor " + next));
        return 0;
    }
}
