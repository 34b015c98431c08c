package io.memos4j.cli.memory;

import io.memos4j.api.DeleteResult;
import io.memos4j.api.ErasureReceipt;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.adapters.AdapterId;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.Selection;
import io.memos4j.cli.command.CubeCommand;
import io.memos4j.cli.command.ExitCode;
import io.memos4j.cli.output.ConfirmationPrompt;
import io.memos4j.cli.output.JsonOutput;
import io.memos4j.internal.PrivateFiles;
import io.memos4j.server.v1.AdapterJson;
import io.memos4j.server.v1.ErasureJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
    @Parameters(arity = "0..*", paramLabel = "ID")
    private List<String> ids = List.of();

    @Option(names = "--session", paramLabel = "S")
    private Optional<String> session = Optional.empty();

    @Option(names = "--source", paramLabel = "NAME")
    private Optional<String> source = Optional.empty();

    @Option(names = "--person", paramLabel = "NAME")
    private Optional<String> person = Optional.empty();

    @Option(names = "--receipt", paramLabel = "FILE")
    private Optional<Path> receipt = Optional.empty();

    @Mixin
    private ConfirmationPrompt confirmation;

    @Option(names = "--no-compact")
    private boolean noCompact;

    @Override
    protected int run(MemCube target) throws IOException {
        List<Selection> selections = selections();
        if (receipt.isPresent() && (noCompact || Files.exists(receipt.get()))) {
            throw MemoryException.invalid("--receipt needs a file that does not exist, and goes without --no-compact.");
        }
        long count = selections.stream()
                .mapToLong(selection -> count(target, filter(selection)))
                .sum();
        if (count == 0) {
            throw MemoryException.invalid("Nothing in cube '" + target.id() + "' matches. Nothing was deleted.");
        }
        confirmation.requireForErasure(
                "Erase " + count + " items, and everything derived from them, from cube '" + target.id() + "'");
        if (receipt.isPresent()) {
            return eraseWithReceipts(target, selections, receipt.get());
        }
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

    /** Erases and writes one receipt a line. */
    private int eraseWithReceipts(MemCube target, List<Selection> selections, Path file) throws IOException {
        PrivateFiles.createFile(file);
        boolean complete = true;
        for (Selection selection : selections) {
            ErasureReceipt erased = target.erase(selection);
            Map<String, Object> shape = ErasureJson.receipt(erased);
            Files.writeString(file, JsonOutput.of(shape) + "\n", StandardOpenOption.APPEND);
            if (json()) {
                printJson(shape);
            } else {
                out().println("Erased " + erased.items().size() + " items and "
                        + erased.derived().size() + " derived ones"
                        + (erased.isComplete() ? "; none of their words is left in the directory." : "."));
                erased.remaining().forEach(this::warn);
            }
            complete &= erased.isComplete();
        }
        if (!json()) {
            out().println("Not covered: " + ErasureReceipt.OUT_OF_REACH);
            out().println("The receipt is in " + file + ". To verify it: memos4j erasure verify " + file);
        }
        return complete ? ExitCode.OK : ExitCode.FAILED;
    }

    private List<Selection> selections() {
        List<Selection> selections = new ArrayList<>();
        ids.forEach(id -> selections.add(Selection.item(ItemId.parse(id))));
        session.ifPresent(each -> selections.add(Selection.session(each)));
        source.ifPresent(each -> selections.add(Selection.source(each)));
        person.ifPresent(each -> selections.add(Selection.matching(Filter.speaker(each))));
        if (selections.isEmpty()) {
            throw MemoryException.invalid("Say what to delete: IDs, --session, --source or --person."
                    + " To delete a whole cube: cubes delete NAME.");
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
