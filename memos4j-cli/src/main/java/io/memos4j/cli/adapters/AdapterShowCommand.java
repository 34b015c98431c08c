package io.memos4j.cli.adapters;

import io.memos4j.api.MemCube;
import io.memos4j.api.adapters.Adapter;
import io.memos4j.api.adapters.AdapterChange;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.cli.command.ExitCode;
import io.memos4j.cli.output.JsonOutput;
import io.memos4j.server.v1.AdapterJson;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows all details of one adapter. */
@Command(
        name = "show",
        description = "Show one adapter: its training, its evaluation, the memories that it was taught, its history.")
final class AdapterShowCommand extends AdapterCommand {
    @Parameters(paramLabel = "ADAPTER", description = "Name and version, for example lesson-1@2.")
    private String adapter;

    @Override
    protected int run(MemCube target) {
        Adapter found = requireAdapter(target, adapter);
        List<MemoryItem> taught = target.adapters().taught(found.id());
        List<AdapterChange> history = target.adapters().history().stream()
                .filter(change -> change.adapter().equals(found.id()))
                .toList();
        if (json()) {
            Map<String, Object> values = AdapterJson.adapter(found);
            values.put("memories", taught.stream().map(JsonOutput.SHAPES::item).toList());
            values.put("history", history.stream().map(AdapterJson::change).toList());
            printJson(values);
        } else {
            new AdapterPrinter(out()).printDetails(found, taught, history);
        }
        return ExitCode.OK;
    }
}
