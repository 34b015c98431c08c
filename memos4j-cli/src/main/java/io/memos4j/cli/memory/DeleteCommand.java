package io.memos4j.cli.memory;

import io.memos4j.api.DeleteResult;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.adapters.AdapterId;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.Selection;
import io.memos4j.cli.command.CubeCommand;
import io.memos4j.cli.command.ExitCode;
import io.memos4j.cli.output.ConfirmationPrompt;
import io.memos4j.server.v1.AdapterJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Erases items for good. */
@Command(
        name = "delete",
        description = "Erase items with all their versions, vectors and everything derived from them.")
public final class DeleteCommand extends CubeCommand {
    @Parameters(arity = "0..*", paramLabel = "ID", description = "The items to erase.")
    private List<String> ids = List.of();

    @Option(names = "--session", paramLabel = "S", description = "Erase all items of this session.")
    private Optional<String> session = Optional.empty();

    @Option(names = "--source", paramLabel = "NAME", description = "Erase all items from this document.")
    private Optional<String> source = Optional.empty();

    @Mixin
    private ConfirmationPrompt confirmation;

    @Option(names = "--no-compact", description = "Leave the last traces on disk to a later compaction.")
    private boolean noCompact;

    @Override
    protected int run(MemCube target) {
        List<Selection> selections = selections();
        long count = selections.stream()
                .mapToLong(selection -> count(target, filter(selection)))
                .sum();
        if (count == 0) {
            throw MemoryException.invalid("Nothing in cube '" + target.id() + "' matches. Nothing was deleted.");
        }
        confirmation.requireForErasure(
                "Erase " + count + " items, and everything derived from them, from cube '" + target.id() + "'");
        int selected = 0;
        int derived = 0;
        List<AdapterId> suspended = new ArrayList<>();
        for (Selection selection : selections) {
            DeleteResult deleted = target.delete(selection);
            selected += deleted.selected().size();
            derived += deleted.derived().size();
            suspended.addAll(deleted.adapters());
        }
        if (!noCompact) {
            target.compact();
        }
        if (json()) {
            printJson(Map.of(
                    "deleted",
                    selected,
                    "derived",
                    derived,
                    "adapters",
                    AdapterJson.ids(suspended),
                    "compacted",
                    !noCompact));
        } else {
            out().println("Erased " + selected + " items and " + derived + " derived ones"
                    + (noCompact
                            ? "; run it without --no-compact to remove the last traces from disk."
                            : "; nothing is left on disk."));
            suspended.forEach(id -> out().println("Suspended " + id + ", which was taught some of them, and erased"
                    + " its bytes. To train it anew without them: memos4j adapters train"));
        }
        return ExitCode.OK;
    }

    private List<Selection> selections() {
        List<Selection> selections = new ArrayList<>();
        ids.forEach(id -> selections.add(Selection.item(ItemId.parse(id))));
        session.ifPresent(each -> selections.add(Selection.session(each)));
        source.ifPresent(each -> selections.add(Selection.source(each)));
        if (selections.isEmpty()) {
            throw MemoryException.invalid(
                    "Say what to delete: IDs, --session or --source. To delete a whole cube: cubes delete NAME.");
        }
        return selections;
    }

    private static Filter filter(Selection selection) {
        return switch (selection) {
            case Selection.Item(ItemId id) -> Filter.eq("id", id.toString());
            case Selection.Session(String session) -> Filter.session(session);
            case Selection.Source(String id) -> Filter.eq("source", id);
            case Selection.Matching(Filter given) -> given;
        };
    }
}
