package io.memos4j.cli.memory;

import io.memos4j.api.DeleteResult;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.adapters.AdapterId;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.Selection;
import io.memos4j.cli.command.EngineCommand;
import io.memos4j.cli.options.CubeOption;
import io.memos4j.cli.output.ConfirmationPrompt;
import io.memos4j.cli.output.JsonOutput;
import io.memos4j.core.MemOs;
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
        description = "Erase items with all their versions, vectors and whatever was derived from them.")
public final class DeleteCommand extends EngineCommand {
    @Mixin
    private CubeOption cube;

    @Parameters(arity = "0..*", paramLabel = "ID", description = "Items to erase.")
    private List<String> ids = List.of();

    @Option(names = "--session", paramLabel = "S", description = "Everything of this session.")
    private Optional<String> session = Optional.empty();

    @Option(names = "--source", paramLabel = "NAME", description = "Everything from this document.")
    private Optional<String> source = Optional.empty();

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask.")
    private boolean yes;

    @Option(names = "--no-compact", description = "Leave the last traces on the disk to a later compaction.")
    private boolean noCompact;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public int run(MemOs memos) {
        MemCube target = requireCube(memos, cube.name());
        List<Selection> selections = selections();
        long count = selections.stream()
                .mapToLong(selection -> count(target, selection))
                .sum();
        if (count == 0) {
            throw MemoryException.invalid("Nothing in cube '" + cube.name() + "' matches. Nothing was deleted.");
        }
        ConfirmationPrompt.require(
                yes, "Erase " + count + " items, and what was derived from them, from cube '" + cube.name() + "'");
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
        if (json) {
            out().println(JsonOutput.of(Map.of(
                    "deleted",
                    selected,
                    "derived",
                    derived,
                    "adapters",
                    AdapterJson.ids(suspended),
                    "compacted",
                    !noCompact)));
        } else {
            out().println("Erased " + selected + " items and " + derived + " derived ones"
                    + (noCompact
                            ? "; run it without --no-compact to take the last traces off the disk."
                            : ", nothing is left on the disk."));
            suspended.forEach(
                    id -> out().println(
                                    "Suspended " + id
                                            + ", which was taught some of it, and erased its bytes. To train it without: memos4j adapters train"));
        }
        return 0;
    }

    private List<Selection> selections() {
        List<Selection> selections = new ArrayList<>();
        ids.forEach(id -> selections.add(Selection.item(ItemId.parse(id))));
        session.ifPresent(each -> selections.add(Selection.session(each)));
        source.ifPresent(each -> selections.add(Selection.source(each)));
        if (selections.isEmpty()) {
            throw MemoryException.invalid(
                    "Say what to delete: ids, --session or --source. A whole cube: cubes delete NAME.");
        }
        return selections;
    }

    private static long count(MemCube cube, Selection selection) {
        Filter filter = switch (selection) {
            case Selection.Item(ItemId id) -> Filter.eq("id", id.toString());
            case Selection.Session(String session) -> Filter.session(session);
            case Selection.Source(String id) -> Filter.eq("source", id);
            case Selection.Matching(Filter given) -> given;
        };
        long count = 0;
        ListRequest request = ListRequest.first().where(filter).limit(ListRequest.MAX_LIMIT);
        Optional<String> next = Optional.of("");
        while (next.isPresent()) {
            var page = cube.list(request.after(next.get()));
            count += page.items().size();
            next = page.next();
        }
        return count;
    }
}
