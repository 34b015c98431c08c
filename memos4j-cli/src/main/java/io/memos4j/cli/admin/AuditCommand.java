package io.memos4j.cli.admin;

import io.memos4j.api.CubeId;
import io.memos4j.api.Page;
import io.memos4j.api.access.AuditEntry;
import io.memos4j.api.access.AuditQuery;
import io.memos4j.api.access.MemGovernance;
import io.memos4j.cli.command.ExitCode;
import io.memos4j.cli.options.PageOptions;
import io.memos4j.core.MemOs;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists the audit log. */
@Command(name = "audit", description = "List the calls made to a server on this directory and by whom, newest first.")
public final class AuditCommand extends AccessCommand {
    private static final int ENTRIES = 100;

    @Option(names = "--cube", paramLabel = "NAME", description = "Only calls on this cube; it may be deleted by now.")
    private Optional<String> cube = Optional.empty();

    @Option(names = "--principal", paramLabel = "NAME", description = "Only calls by this principal.")
    private Optional<String> principal = Optional.empty();

    @Mixin
    private PageOptions page;

    @Override
    protected int run(MemOs memos, MemGovernance governance, AccessPrinter printer) {
        Page<AuditEntry> entries =
                governance.audit(new AuditQuery(principal, cube.map(CubeId::of), page.limit(ENTRIES), page.cursor()));
        entries.items().forEach(printer::printLine);
        if (entries.items().isEmpty()) {
            printMessage("No entries.");
        }
        entries.next().ifPresent(next -> warn("There are older entries: --cursor " + next));
        return ExitCode.OK;
    }
}
