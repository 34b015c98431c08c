package io.memos4j.cli.history;

import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.history.RollbackResult;
import io.memos4j.cli.command.CubeCommand;
import io.memos4j.cli.command.ExitCode;
import io.memos4j.cli.options.RecordedAtOption;
import io.memos4j.cli.output.VectorProgress;
import io.memos4j.server.v1.ApiJson;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Rolls a cube or an item back to an earlier time. Nothing is lost by it, so no confirmation is needed. */
@Command(
        name = "rollback",
        description =
                "Roll back a cube, or one item, to an earlier time. Nothing is removed, and the output says how to"
                        + " undo it.")
public final class RollbackCommand extends CubeCommand {
    @Option(names = "--item", paramLabel = "ID", description = "Roll back only this item.")
    private Optional<String> item = Optional.empty();

    @Option(names = "--to", required = true, paramLabel = "WHEN", description = "A time or a snapshot.")
    private String to;

    @Override
    protected int run(MemCube target) {
        Instant then = RecordedAtOption.instant(target, to);
        if (item.isPresent()) {
            printChanged(target.time().rollback(ItemId.parse(item.get()), then), json());
        } else {
            print(target, target.time().rollback(then));
        }
        VectorProgress.await(target, err(), Duration.ofDays(1));
        return ExitCode.OK;
    }

    private void print(MemCube target, RollbackResult rollback) {
        if (json()) {
            Map<String, Object> values = new LinkedHashMap<>();
            values.put("to", rollback.to().toString());
            values.put("before", rollback.before().toString());
            values.put("restored", ApiJson.ids(rollback.restored()));
            values.put("archived", ApiJson.ids(rollback.archived()));
            values.put("frozen", ApiJson.ids(rollback.frozen()));
            printJson(values);
            return;
        }
        out().println("Restored " + rollback.restored().size() + " items and archived "
                + rollback.archived().size() + " later ones."
                + (rollback.frozen().isEmpty()
                        ? ""
                        : " Left " + rollback.frozen().size() + " frozen items unchanged."));
        if (!rollback.restored().isEmpty() || !rollback.archived().isEmpty()) {
            out().println("To undo: memos4j rollback --cube '" + target.id() + "' --to " + rollback.before());
        }
    }
}
