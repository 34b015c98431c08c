package io.memos4j.cli.history;

import io.memos4j.api.MemCube;
import io.memos4j.api.Page;
import io.memos4j.api.history.DiffRequest;
import io.memos4j.api.history.ItemChange;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.cli.command.CubeCommand;
import io.memos4j.cli.command.ExitCode;
import io.memos4j.cli.options.PageOptions;
import io.memos4j.cli.options.RecordedAtOption;
import io.memos4j.cli.output.JsonOutput;
import io.memos4j.cli.output.TextOutput;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Compares the knowledge of a cube at two times. */
@Command(name = "diff", description = "Show what a cube knew differently at two times.")
public final class DiffCommand extends CubeCommand {
    private static final int ITEMS = 100;

    @Parameters(index = "0", paramLabel = "FROM", description = "A time or a snapshot.")
    private String from;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "TO",
            description = "A later time or snapshot (default: now).")
    private Optional<String> to = Optional.empty();

    @Mixin
    private PageOptions page;

    @Override
    protected int run(MemCube target) {
        Instant end = to.map(when -> RecordedAtOption.instant(target, when)).orElseGet(target.time()::mark);
        Page<ItemChange> changes = target.time()
                .diff(DiffRequest.between(RecordedAtOption.instant(target, from), end)
                        .limit(page.limit(ITEMS))
                        .after(page.cursor()));
        TextOutput screen = screen();
        for (ItemChange change : changes.items()) {
            if (json()) {
                printJson(JsonOutput.SHAPES.change(change));
            } else {
                screen.line(TextOutput.dim(change.id().toString()));
                change.before().ifPresent(item -> print(screen, "-", item));
                change.after().ifPresent(item -> print(screen, "+", item));
            }
        }
        if (json()) {
            changes.next().ifPresent(next -> printJson(Map.of("next", next)));
        } else if (changes.items().isEmpty()) {
            screen.line("No difference.");
        } else {
            changes.next().ifPresent(next -> screen.line("More: --cursor " + next));
        }
        return ExitCode.OK;
    }

    private static void print(TextOutput screen, String sign, MemoryItem item) {
        String state = item.state().isRecalled() ? "" : "(" + item.state().id() + ") ";
        screen.wrapped(state + item.text().strip(), "  " + sign + " ", "    ");
    }
}
