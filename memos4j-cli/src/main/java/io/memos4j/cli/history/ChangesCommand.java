package io.memos4j.cli.history;

import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.Page;
import io.memos4j.api.history.ChangeKind;
import io.memos4j.api.history.ChangeRecord;
import io.memos4j.api.history.ChangeRequest;
import io.memos4j.cli.command.CubeCommand;
import io.memos4j.cli.command.ExitCode;
import io.memos4j.cli.options.PageOptions;
import io.memos4j.cli.options.RecordedAtOption;
import io.memos4j.cli.output.TextOutput;
import io.memos4j.server.v1.ChangeJson;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists the changes of memories with their reasons. */
@Command(name = "changes", description = "Show what changed lately, why, and how to undo it.")
public final class ChangesCommand extends CubeCommand {
    private static final int CHANGES = 20;

    @Option(names = "--since", paramLabel = "TIME")
    private Optional<String> since = Optional.empty();

    @Option(names = "--item", paramLabel = "ID")
    private Optional<String> item = Optional.empty();

    @Option(names = "--kind", paramLabel = "KIND")
    private List<String> kinds = List.of();

    @Mixin
    private PageOptions page;

    @Override
    protected int run(MemCube target) {
        ChangeRequest request = new ChangeRequest(
                since.map(when -> RecordedAtOption.instant(target, when)),
                item.map(ItemId::parse),
                kinds.stream().map(ChangeKind::parse).collect(Collectors.toSet()),
                page.limit(CHANGES),
                page.cursor());
        Page<ChangeRecord> changes = target.changes(request);
        TextOutput screen = screen();
        for (ChangeRecord change : changes.items()) {
            if (json()) {
                printJson(ChangeJson.of(change));
            } else {
                ChangePrinter.print(change, screen);
            }
        }
        if (json()) {
            changes.next().ifPresent(next -> printJson(Map.of("next", next)));
        } else if (changes.items().isEmpty()) {
            screen.line("No changes.");
        } else {
            changes.next().ifPresent(next -> screen.line("More: --cursor " + next));
        }
        return ExitCode.OK;
    }
}
