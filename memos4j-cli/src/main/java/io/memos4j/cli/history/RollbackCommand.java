package io.memos4j.cli.history;

import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.history.RollbackResult;
import io.memos4j.cli.command.EngineCommand;
import io.memos4j.cli.options.CubeOption;
import io.memos4j.cli.options.RecordedAtOption;
import io.memos4j.cli.output.JsonOutput;
import io.memos4j.cli.output.VectorProgress;
import io.memos4j.core.MemOs;
import io.memos4j.server.v1.ApiJson;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Takes a cube or an item back to what it was. Nothing is lost by it, so nobody is asked. */
@Command(
        name = "rollback",
        description =
                "Take a cube, or one item, back to what it was. Nothing is removed; the answer says how to undo it.")
public final class RollbackCommand extends EngineCommand {
    @Mixin
    private CubeOption cube;

    @Option(names = "--item", paramLabel = "ID", description = "Only this item.")
    private Optional<String> item = Optional.empty();

    @Option(names = "--to", required = true, paramLabel = "WHEN", description = "A time or a snapshot.")
    private String to;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public int run(MemOs memos) {
        MemCube target = requireCube(memos, cube.name());
        Instant then = RecordedAtOption.instant(target, to);
        if (item.isPresent()) {
            printChanged(target.time().rollback(ItemId.parse(item.get()), then), json);
        } else {
            print(target.time().rollback(then));
        }
        VectorProgress.await(target, err(), Duration.ofDays(1));
        return 0;
    }

    private void print(RollbackResult rollback) {
        if (json) {
            Map<String, Object> values = new LinkedHashMap<>();
            values.put("to", rollback.to().toString());
            values.put("before", rollback.before().toString());
            values.put("restored", ApiJson.ids(rollback.restored()));
            values.put("archived", ApiJson.ids(rollback.archived()));
            values.put("frozen", ApiJson.ids(rollback.frozen()));
            out().println(JsonOutput.of(values));
            return;
        }
        out().println("Restored " + rollback.restored().size() + " items and archived "
                + rollback.archived().size() + " that came later."
                + (rollback.frozen().isEmpty()
                        ? ""
                        : " Left " + rollback.frozen().size() + " alone that are frozen."));
        if (!rollback.restored().isEmpty() || !rollback.archived().isEmpty()) {
            out().println("Undo: memos4j rollback --cube '" + cube.name() + "' --to " + rollback.before());
        }
    }
}
