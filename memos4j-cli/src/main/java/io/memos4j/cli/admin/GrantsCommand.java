package io.memos4j.cli.admin;

import io.memos4j.api.CubeId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.access.MemGovernance;
import io.memos4j.api.access.Permission;
import io.memos4j.api.access.Principal;
import io.memos4j.cli.command.ExitCode;
import io.memos4j.cli.output.TimeFormat;
import io.memos4j.core.MemOs;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists, adds and removes grants on cubes. */
@Command(
        name = "grants",
        description = {
            "Let principals use cubes that they do not own.",
            "  grants                                  list all grants; grants list PRINCIPAL [CUBE] lists some",
            "  grants add PRINCIPAL CUBE PERMISSION    grant read, write or admin, replacing an earlier grant",
            "  grants remove PRINCIPAL CUBE            remove a grant"
        })
public final class GrantsCommand extends AccessCommand {
    @Parameters(index = "0", arity = "0..1", paramLabel = "ACTION", defaultValue = "list")
    private AccessAction action;

    @Parameters(index = "1", arity = "0..1", paramLabel = "PRINCIPAL")
    private Optional<String> principal = Optional.empty();

    @Parameters(index = "2", arity = "0..1", paramLabel = "CUBE")
    private Optional<String> cube = Optional.empty();

    @Parameters(index = "3", arity = "0..1", paramLabel = "PERMISSION")
    private Optional<Permission> permission = Optional.empty();

    @Option(names = "--expires", paramLabel = "TIME")
    private Optional<String> expires = Optional.empty();

    @Override
    public Integer call() throws Exception {
        boolean adds = action == AccessAction.ADD;
        if (action != AccessAction.LIST && cube.isEmpty() || adds != permission.isPresent()) {
            String verb = action.name().toLowerCase(Locale.ROOT);
            throw MemoryException.invalid(
                    "Write: memos4j grants " + verb + " PRINCIPAL CUBE" + (adds ? " PERMISSION" : ""));
        }
        if (expires.isPresent() && !adds) {
            throw MemoryException.invalid("--expires goes with add.");
        }
        return super.call();
    }

    @Override
    protected int run(MemOs memos, MemGovernance governance, AccessPrinter printer) {
        return switch (action) {
            case LIST -> {
                governance.principals().stream()
                        .map(Principal::name)
                        .filter(name -> principal.map(name::equals).orElse(true))
                        .flatMap(name -> governance.grantsTo(name).stream())
                        .filter(grant -> cube.map(grant.cube().value()::equals).orElse(true))
                        .forEach(printer::printLine);
                yield ExitCode.OK;
            }
            case ADD -> {
                printer.printLine(governance.grant(
                        principal.orElseThrow(),
                        requireCube(memos, cube.orElseThrow()).id(),
                        permission.orElseThrow(),
                        expires.map(TimeFormat::parseOrFromNow)));
                yield ExitCode.OK;
            }
            case REMOVE -> remove(governance);
        };
    }

    private int remove(MemGovernance governance) {
        String what = "for '" + principal.orElseThrow() + "' on cube '" + cube.orElseThrow() + "'.";
        if (!governance.revokeGrant(principal.get(), CubeId.of(cube.get()))) {
            warn("There is no grant " + what);
            return ExitCode.FAILED;
        }
        printMessage("Removed the grant " + what);
        return ExitCode.OK;
    }
}
