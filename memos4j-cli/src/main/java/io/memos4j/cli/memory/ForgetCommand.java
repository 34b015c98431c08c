package io.memos4j.cli.memory;

import io.memos4j.api.DeleteResult;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Page;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Selection;
import io.memos4j.cli.command.CubeCommand;
import io.memos4j.cli.command.ExitCode;
import io.memos4j.cli.options.PageOptions;
import io.memos4j.cli.output.ConfirmationPrompt;
import io.memos4j.cli.output.JsonOutput;
import io.memos4j.cli.output.TextOutput;
import io.memos4j.cli.output.TimeFormat;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists what is withheld until it is erased, or erases it now. */
@Command(
        name = "forget",
        description = "Show what was asked to be forgotten and is withheld until it is erased, or erase it now.")
public final class ForgetCommand extends CubeCommand {
    private static final int ITEMS = 20;
    private static final Filter FORGOTTEN = Filter.eq("state", ItemState.FORGOTTEN.id());

    @Option(names = "--now")
    private boolean now;

    @Parameters(arity = "0..*", paramLabel = "ID")
    private List<String> ids = List.of();

    @Mixin
    private PageOptions page;

    @Mixin
    private ConfirmationPrompt confirmation;

    @Override
    protected int run(MemCube target) {
        Filter chosen = ids.isEmpty()
                ? FORGOTTEN
                : Filter.and(
                        FORGOTTEN,
                        Filter.in(
                                "id",
                                ids.stream()
                                        .map(ItemId::parse)
                                        .map(ItemId::toString)
                                        .toList()));
        return now ? erase(target, chosen) : list(target, chosen);
    }

    private int list(MemCube target, Filter chosen) {
        Page<MemoryItem> pending = target.list(
                ListRequest.first().where(chosen).limit(page.limit(ITEMS)).after(page.cursor()));
        TextOutput screen = screen();
        for (MemoryItem item : pending.items()) {
            if (json()) {
                printJson(JsonOutput.SHAPES.item(item));
            } else {
                screen.line(item.id() + "  erased "
                        + item.times().expiresAt().map(TimeFormat::format).orElse("never"));
                screen.line("    " + TextOutput.firstLine(item.text()));
            }
        }
        if (json()) {
            pending.next().ifPresent(next -> printJson(Map.of("next", next)));
        } else if (pending.items().isEmpty()) {
            screen.line("Nothing is to be forgotten.");
        } else {
            pending.next().ifPresent(next -> screen.line("More: --cursor " + next));
            screen.line("Keep one: memos4j reinstate ID. Erase all now: memos4j forget --now");
        }
        return ExitCode.OK;
    }

    private int erase(MemCube target, Filter chosen) {
        long found = count(target, chosen);
        if (found == 0 || !ids.isEmpty() && found < ids.stream().distinct().count()) {
            throw MemoryException.invalid("Of these items " + found + " are to be forgotten in cube '" + target.id()
                    + "'. Nothing was erased. To erase any item: memos4j delete ID.");
        }
        confirmation.requireForErasure("Erase " + found + " forgotten items of cube '" + target.id() + "' now");
        DeleteResult erased = target.delete(Selection.matching(chosen));
        target.compact();
        if (json()) {
            printJson(Map.of("deleted", erased.count()));
        } else {
            out().println("Erased " + erased.count() + " items; nothing is left on disk.");
        }
        return ExitCode.OK;
    }
}
