package io.memos4j.cli.admin;

import io.memos4j.api.CubeId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.access.IssuedKey;
import io.memos4j.api.access.KeyRequest;
import io.memos4j.api.access.MemGovernance;
import io.memos4j.api.access.Permission;
import io.memos4j.cli.command.ExitCode;
import io.memos4j.cli.output.DurationFormat;
import io.memos4j.core.MemOs;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists, issues, revokes and rotates the API keys of principals. */
@Command(
        name = "keys",
        description = {
            "Manage the API keys with which principals authenticate.",
            "  keys                   list all keys; keys list PRINCIPAL lists those of one principal",
            "  keys issue PRINCIPAL   issue a key and print its secret, which is stored nowhere and never shown again",
            "  keys revoke ID         revoke a key at once",
            "  keys rotate ID         issue a replacement and print its secret; the old key stays valid for --grace"
        })
public final class KeysCommand extends AccessCommand {
    /** The actions of the command. */
    enum Action {
        LIST,
        ISSUE,
        REVOKE,
        ROTATE
    }

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "ACTION",
            defaultValue = "list",
            description = "list, issue, revoke or rotate (default: ${DEFAULT-VALUE}).")
    private Action action;

    @Parameters(index = "1", arity = "0..1", paramLabel = "WHAT", description = "A principal, or the ID of a key.")
    private Optional<String> what = Optional.empty();

    @Option(names = "--label", paramLabel = "TEXT", description = "A label for the new key.")
    private Optional<String> label = Optional.empty();

    @Option(
            names = "--scope",
            paramLabel = "SCOPE",
            description = "The highest permission of the new key: read, write or admin (default: admin).")
    private Optional<Permission> scope = Optional.empty();

    @Option(
            names = "--cube",
            paramLabel = "NAME",
            description = "Limit the new key to this cube, by its full name (repeatable; default: all cubes of the"
                    + " principal).")
    private List<String> cubes = List.of();

    @Option(
            names = "--expires",
            paramLabel = "DURATION",
            description = "How long the new key is valid, for example 30d (default: forever).")
    private Optional<String> expires = Optional.empty();

    @Option(
            names = "--grace",
            paramLabel = "DURATION",
            description = "How long the old key stays valid after rotate, for example 1h (default: not at all).")
    private Optional<String> grace = Optional.empty();

    @Override
    public Integer call() throws Exception {
        String verb = action.name().toLowerCase(Locale.ROOT);
        if (what.isEmpty() && action != Action.LIST) {
            throw MemoryException.invalid(
                    "Say what to " + verb + ": memos4j keys " + verb + (action == Action.ISSUE ? " PRINCIPAL" : " ID"));
        }
        boolean described = label.isPresent() || scope.isPresent() || !cubes.isEmpty() || expires.isPresent();
        if (described && action != Action.ISSUE) {
            throw MemoryException.invalid("--label, --scope, --cube and --expires go with issue.");
        }
        if (grace.isPresent() && action != Action.ROTATE) {
            throw MemoryException.invalid("--grace goes with rotate.");
        }
        return super.call();
    }

    @Override
    protected int run(MemOs memos, MemGovernance governance, AccessPrinter printer) {
        switch (action) {
            case LIST ->
                governance.keys().stream()
                        .filter(key -> what.map(key.principal()::equals).orElse(true))
                        .forEach(printer::printLine);
            case ISSUE -> print(governance.issue(request()), printer);
            case REVOKE -> printer.printLine(governance.revoke(what.orElseThrow()));
            case ROTATE ->
                print(
                        governance.rotate(
                                what.orElseThrow(),
                                grace.map(DurationFormat::parse).orElse(Duration.ZERO)),
                        printer);
        }
        return ExitCode.OK;
    }

    private KeyRequest request() {
        Set<CubeId> only = cubes.stream().map(CubeId::of).collect(Collectors.toSet());
        return new KeyRequest(
                what.orElseThrow(),
                label.orElse(""),
                scope.orElse(Permission.ADMIN),
                only,
                expires.map(DurationFormat::parse));
    }

    private void print(IssuedKey issued, AccessPrinter printer) {
        printer.printSecret(issued);
        warn("This is the secret of key " + issued.key().id() + " of '"
                + issued.key().principal() + "'. Keep it now: it is stored nowhere and never shown again.");
    }
}
