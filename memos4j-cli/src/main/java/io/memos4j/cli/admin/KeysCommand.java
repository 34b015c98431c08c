package io.memos4j.cli.admin;

import io.memos4j.api.CubeId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.access.ApiKey;
import io.memos4j.api.access.IssuedKey;
import io.memos4j.api.access.KeyRequest;
import io.memos4j.api.access.MemGovernance;
import io.memos4j.api.access.Permission;
import io.memos4j.cli.command.EngineCommand;
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

/** Lists, makes, revokes and replaces the keys of principals. */
@Command(
        name = "keys",
        description = {
            "Keys with which principals prove who they are:",
            "  keys                   lists them; keys list PRINCIPAL those of one",
            "  keys issue PRINCIPAL   makes one and prints its secret, which is stored nowhere and never shown again",
            "  keys revoke ID         makes one useless at once",
            "  keys rotate ID         makes another like it, whose secret it prints; the old one goes on for --grace"
        })
public final class KeysCommand extends EngineCommand {
    /** What to do. */
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

    @Parameters(index = "1", arity = "0..1", paramLabel = "WHAT", description = "A principal, or the id of a key.")
    private Optional<String> what = Optional.empty();

    @Option(names = "--label", paramLabel = "TEXT", description = "What to call the new key.")
    private Optional<String> label = Optional.empty();

    @Option(
            names = "--scope",
            paramLabel = "SCOPE",
            description = "The most that the new key allows: read, write or admin (default: admin).")
    private Optional<Permission> scope = Optional.empty();

    @Option(
            names = "--cube",
            paramLabel = "NAME",
            description =
                    "A cube that the new key opens, with its whole name (repeatable; default: all of its principal).")
    private List<String> cubes = List.of();

    @Option(
            names = "--expires",
            paramLabel = "SPAN",
            description = "How long the new key opens, for example 30d (default: for ever).")
    private Optional<String> expires = Optional.empty();

    @Option(
            names = "--grace",
            paramLabel = "SPAN",
            description = "How long the old key goes on after rotate, for example 1h (default: not at all).")
    private Optional<String> grace = Optional.empty();

    @Option(names = "--json", description = "Print JSON, one key a line.")
    private boolean json;

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
    public int run(MemOs memos) {
        MemGovernance governance = memos.governance();
        AccessPrinter print = new AccessPrinter(out(), json);
        switch (action) {
            case LIST -> {
                for (ApiKey key : governance.keys()) {
                    if (what.map(key.principal()::equals).orElse(true)) {
                        print.printLine(key);
                    }
                }
            }
            case ISSUE -> issued(governance.issue(request()), print);
            case REVOKE -> print.printLine(governance.revoke(what.orElseThrow()));
            case ROTATE ->
                issued(
                        governance.rotate(
                                what.orElseThrow(),
                                grace.map(DurationFormat::parse).orElse(Duration.ZERO)),
                        print);
        }
        return 0;
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

    private void issued(IssuedKey issued, AccessPrinter print) {
        print.printSecret(issued);
        err().println("memos4j: This is the secret of key " + issued.key().id() + " of '"
                + issued.key().principal() + "'. Keep it now: it is stored nowhere and never shown again.");
    }
}
