package io.memos4j.cli.admin;

import io.memos4j.api.CubeId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.access.MemGovernance;
import io.memos4j.api.access.Permission;
import io.memos4j.api.access.Principal;
import io.memos4j.cli.Main;
import io.memos4j.cli.command.EngineCommand;
import io.memos4j.cli.output.TimeFormat;
import io.memos4j.core.MemOs;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lets principals use cubes that they do not own, and takes that back. */
@Command(
        name = "grants",
        description = {
            "Let principals use cubes that they do not own:",
            "  grants                                  lists what is granted; grants list PRINCIPAL [CUBE] some of it",
            "  grants add PRINCIPAL CUBE PERMISSION    grants read, write or admin, in place of what was granted before",
            "  grants remove PRINCIPAL CUBE            takes it back"
        })
public final class GrantsCommand extends EngineCommand {
    /** What to do. */
    enum Action {
        LIST,
        ADD,
        REMOVE
    }

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "ACTION",
            defaultValue = "list",
            description = "list, add or remove (default: ${DEFAULT-VALUE}).")
    private Action action;

    @Parameters(index = "1", arity = "0..1", paramLabel = "PRINCIPAL", description = "To whom.")
    private Optional<String> principal = Optional.empty();

    @Parameters(index = "2", arity = "0..1", paramLabel = "CUBE", description = "The cube, with its whole name.")
    private Optional<String> cube = Optional.empty();

    @Parameters(index = "3", arity = "0..1", paramLabel = "PERMISSION", description = "read, write or admin.")
    private Optional<Permission> permission = Optional.empty();

    @Option(
            names = "--expires",
            paramLabel = "TIME",
            description = "Until when, for example 30d or 2026-01-31 (default: for ever).")
    private Optional<String> expires = Optional.empty();

    @Option(names = "--json", description = "Print JSON, one grant a line.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        boolean adds = action == Action.ADD;
        if (action != Action.LIST && cube.isEmpty() || adds != permission.isPresent()) {
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
    public int run(MemOs memos) {
        MemGovernance governance = memos.governance();
        AccessPrinter print = new AccessPrinter(out(), json);
        return switch (action) {
            case LIST -> {
                governance.principals().stream()
                        .map(Principal::name)
                        .filter(name -> principal.map(name::equals).orElse(true))
                        .flatMap(name -> governance.grantsTo(name).stream())
                        .filter(grant -> cube.map(grant.cube().value()::equals).orElse(true))
                        .forEach(print::printLine);
                yield 0;
            }
            case ADD -> {
                print.printLine(governance.grant(
                        principal.orElseThrow(),
                        requireCube(memos, cube.orElseThrow()).id(),
                        permission.orElseThrow(),
                        expires.map(TimeFormat::parseOrFromNow)));
                yield 0;
            }
            case REMOVE -> remove(governance);
        };
    }

    private int remove(MemGovernance governance) {
        String what = "to '" + principal.orElseThrow() + "' on cube '" + cube.orElseThrow() + "'.";
        if (!governance.revokeGrant(principal.get(), CubeId.of(cube.get()))) {
            err().println("memos4j: There is no grant " + what);
            return Main.FAILED;
        }
        if (!json) {
            out().println("Took back the grant " + what);
        }
        return 0;
    }
}
