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

    @Parameters(index = "0", arity = "0..1", paramLabel = "ACTION", defaultValue = "list")
    private Action action;

    @Parameters(index = "1", arity = "0..1", paramLabel = "WHAT")
    private Optional<String> what = Optional.empty();

    @Option(names = "--label", paramLabel = "TEXT")
    private Optional<String> label = Optional.empty();

    @Option(names = "--scope", paramLabel = "SCOPE")
    private Optional<Permission> scope = Optional.empty();

    @Option(names = "--cube", paramLabel = "NAME")
    private List<String> cubes = List.of();

    @Option(names = "--expires", paramLabel = "DURATION")
    private Optional<String> expires = Optional.empty();

    @Option(names = "--grace", paramLabel = "DURATION")
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
