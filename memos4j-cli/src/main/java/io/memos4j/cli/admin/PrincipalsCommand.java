package io.memos4j.cli.admin;

import io.memos4j.api.MemoryException;
import io.memos4j.api.access.MemGovernance;
import io.memos4j.cli.command.EngineCommand;
import io.memos4j.core.MemOs;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists, makes and removes those who may use a server on this directory. */
@Command(
        name = "principals",
        description = {
            "Say who may use a server on this directory:",
            "  principals               lists them",
            "  principals add NAME      makes one; it owns the cubes named NAME/…, with --admin every cube",
            "  principals remove NAME   takes one away with its keys and grants; its cubes stay, and go to the next one of that name"
        })
public final class PrincipalsCommand extends EngineCommand {
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

    @Parameters(index = "1", arity = "0..1", paramLabel = "NAME", description = "The principal.")
    private Optional<String> name = Optional.empty();

    @Option(names = "--admin", description = "Make an administrator: may do everything, with every cube.")
    private boolean admin;

    @Option(names = "--json", description = "Print JSON, one principal a line.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        String verb = action.name().toLowerCase(Locale.ROOT);
        if ((action == Action.LIST) == name.isPresent()) {
            throw MemoryException.invalid(
                    name.isPresent()
                            ? "principals list takes no name."
                            : "Name the principal: memos4j principals " + verb + " NAME");
        }
        if (admin && action != Action.ADD) {
            throw MemoryException.invalid("--admin goes with add.");
        }
        return super.call();
    }

    @Override
    public int run(MemOs memos) {
        MemGovernance governance = memos.governance();
        AccessPrinter print = new AccessPrinter(out(), json);
        switch (action) {
            case LIST -> governance.principals().forEach(print::printLine);
            case ADD -> print.printLine(governance.create(name.orElseThrow(), admin));
            case REMOVE -> {
                governance.remove(name.orElseThrow());
                if (!json) {
                    out().println("Removed principal '" + name.get() + "' with its keys and grants.");
                }
            }
        }
        return 0;
    }
}
