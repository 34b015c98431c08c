package io.memos4j.cli.admin;

import io.memos4j.api.MemoryException;
import io.memos4j.api.access.MemGovernance;
import io.memos4j.cli.command.ExitCode;
import io.memos4j.core.MemOs;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists, adds and removes the principals of a server. */
@Command(
        name = "principals",
        description = {
            "Manage the principals that may use a server on this directory.",
            "  principals               list them",
            "  principals add NAME      add one; it owns the cubes named NAME/…, and with --admin every cube",
            "  principals remove NAME   remove one with its keys and grants; its cubes stay, for the next principal of"
                    + " that name"
        })
public final class PrincipalsCommand extends AccessCommand {
    @Parameters(index = "0", arity = "0..1", paramLabel = "ACTION", defaultValue = "list")
    private AccessAction action;

    @Parameters(index = "1", arity = "0..1", paramLabel = "NAME")
    private Optional<String> name = Optional.empty();

    @Option(names = "--admin")
    private boolean admin;

    @Override
    public Integer call() throws Exception {
        String verb = action.name().toLowerCase(Locale.ROOT);
        if ((action == AccessAction.LIST) == name.isPresent()) {
            throw MemoryException.invalid(
                    name.isPresent()
                            ? "principals list takes no name."
                            : "Name the principal: memos4j principals " + verb + " NAME");
        }
        if (admin && action != AccessAction.ADD) {
            throw MemoryException.invalid("--admin goes with add.");
        }
        return super.call();
    }

    @Override
    protected int run(MemOs memos, MemGovernance governance, AccessPrinter printer) {
        switch (action) {
            case LIST -> governance.principals().forEach(printer::printLine);
            case ADD -> printer.printLine(governance.create(name.orElseThrow(), admin));
            case REMOVE -> {
                governance.remove(name.orElseThrow());
                printMessage("Removed principal '" + name.get() + "' with its keys and grants.");
            }
        }
        return ExitCode.OK;
    }
}
