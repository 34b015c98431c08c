package io.memos4j.cli;

import io.memos4j.api.DiffRequest;
import io.memos4j.api.ItemChange;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryItem;
import io.memos4j.api.Page;
import io.memos4j.core.MemOs;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows how what a cube knew differs between two times. */
@Command(name = "diff", description = "Show what a cube knew otherwise at one time than at another.")
final class DiffCommand extends MemoryCommand {
    /** Items a page. */
    private static final int ITEMS = 100;

    @Mixin
    private CubeOption cube;

    @Parameters(index = "0", paramLabel = "FROM", description = "A time or a snapshot.")
    private String from;

    @Parameters(index = "1", arity = "0..1", paramLabel = "TO", description = "Another one (default: now).")
    private Optional<String> to = Optional.empty();

    @Mixin
    private PageOptions page;

    @Option(
            names = "--json",
            description = "Print JSON, one item a line; the last one holds the cursor of the next page.")
    private boolean json;

    @Override
    int run(MemOs memos) {
        MemCube target = existing(memos, cube.name());
        Instant end = to.map(when -> PastOption.instant(target, when)).orElseGet(target.time()::mark);
        Page<ItemChange> changes = target.time()
                .diff(DiffRequest.between(PastOption.instant(target, from), end)
                        .limit(page.limit(ITEMS))
                        .after(page.cursor()));
        Screen screen = new Screen(out());
        for (ItemChange change : changes.items()) {
            if (json) {
                out().println(Json.of(Json.SHAPES.change(change)));
            } else {
                screen.line(Screen.dim(change.id().toString()));
                change.before().ifPresent(item -> print(screen, "-", item));
                change.after().ifPresent(item -> print(screen, "+", item));
            }
        }
        if (json) {
            changes.next().ifPresent(next -> out().println(Json.of(Map.of("next", next))));
        } else if (changes.items().isEmpty()) {
            screen.line("No difference.");
        } else {
            changes.next().ifPresent(next -> screen.line("More: --cursor " + next));
        }
        return 0;
    }

    private static void print(Screen screen, String sign, MemoryItem item) {
        String state = item.state().recalled() ? "" : "(" + item.state().id() + ") ";
        screen.wrapped(state + item.text().strip(), "  " + sign + " ", "    ");
    }
}
