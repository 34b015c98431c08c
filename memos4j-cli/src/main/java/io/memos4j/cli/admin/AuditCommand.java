package io.memos4j.cli.admin;

import io.memos4j.api.CubeId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Page;
import io.memos4j.api.access.AuditEntry;
import io.memos4j.api.access.AuditQuery;
import io.memos4j.api.access.AuditQuery.AuditFilter;
import io.memos4j.api.access.AuditVerification;
import io.memos4j.api.access.MemGovernance;
import io.memos4j.cli.command.ExitCode;
import io.memos4j.cli.options.PageOptions;
import io.memos4j.cli.output.TimeFormat;
import io.memos4j.core.MemOs;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists, verifies, exports and shortens the audit log. */
@Command(
        name = "audit",
        description = {
            "Show who did what with this directory.",
            "  audit                          list the entries, newest first",
            "  audit export                   print the entries with their hashes, oldest first, as JSON Lines",
            "  audit verify                   verify that no entry was changed, removed or inserted",
            "  audit trim --before TIME       remove the entries from before TIME"
        })
public final class AuditCommand extends AccessCommand {
    private static final int ENTRIES = 100;

    /** The work on the log. */
    enum AuditAction {
        LIST,
        EXPORT,
        VERIFY,
        TRIM
    }

    @Parameters(index = "0", arity = "0..1", paramLabel = "ACTION", defaultValue = "list")
    private AuditAction action;

    @Option(names = "--cube", paramLabel = "NAME")
    private Optional<String> cube = Optional.empty();

    @Option(names = "--principal", paramLabel = "NAME")
    private Optional<String> principal = Optional.empty();

    @Option(names = "--action", paramLabel = "ACTION")
    private Optional<String> recorded = Optional.empty();

    @Option(names = "--since", paramLabel = "TIME")
    private Optional<String> since = Optional.empty();

    @Option(names = "--until", paramLabel = "TIME")
    private Optional<String> until = Optional.empty();

    @Option(names = "--before", paramLabel = "TIME")
    private Optional<String> before = Optional.empty();

    @Option(names = "--trust", paramLabel = "KEY")
    private List<String> trusted = List.of();

    @Option(names = "--known", paramLabel = "NUMBER:HASH")
    private List<String> known = List.of();

    @Mixin
    private PageOptions page;

    @Override
    public Integer call() throws Exception {
        boolean filters = cube.isPresent()
                || principal.isPresent()
                || recorded.isPresent()
                || since.isPresent()
                || until.isPresent();
        if (filters && action != AuditAction.LIST && action != AuditAction.EXPORT) {
            throw MemoryException.invalid("The options that select entries go with list and export.");
        }
        if (before.isPresent() != (action == AuditAction.TRIM)) {
            throw MemoryException.invalid("Write: memos4j audit trim --before TIME");
        }
        if (action != AuditAction.VERIFY && !(trusted.isEmpty() && known.isEmpty())) {
            throw MemoryException.invalid("--trust and --known go with verify.");
        }
        return super.call();
    }

    @Override
    protected int run(MemOs memos, MemGovernance governance, AccessPrinter printer) {
        return switch (action) {
            case LIST -> list(governance, printer);
            case EXPORT -> {
                governance.exportAudit(filter(), printer::printLine);
                yield ExitCode.OK;
            }
            case VERIFY -> {
                AuditVerification found =
                        governance.verifyAudit(Set.copyOf(trusted), AuditVerification.parseNoted(known));
                printer.print(found);
                yield found.isIntact() ? ExitCode.OK : ExitCode.FAILED;
            }
            case TRIM -> {
                long removed = governance.removeAudit(TimeFormat.parse(before.orElseThrow()));
                printMessage("Removed " + removed + " entries.");
                yield ExitCode.OK;
            }
        };
    }

    private AuditFilter filter() {
        return new AuditFilter(
                principal, cube.map(CubeId::of), recorded, since.map(TimeFormat::parse), until.map(TimeFormat::parse));
    }

    private int list(MemGovernance governance, AccessPrinter printer) {
        Page<AuditEntry> entries = governance.audit(
                AuditQuery.ALL.where(filter()).limit(page.limit(ENTRIES)).after(page.cursor()));
        entries.items().forEach(printer::printLine);
        if (entries.items().isEmpty()) {
            printMessage("No entries.");
        }
        entries.next().ifPresent(next -> warn("There are older entries: --cursor " + next));
        return ExitCode.OK;
    }
}
