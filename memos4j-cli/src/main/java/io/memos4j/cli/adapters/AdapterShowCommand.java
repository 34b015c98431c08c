package io.memos4j.cli.adapters;

import io.memos4j.api.MemCube;
import io.memos4j.api.adapters.Adapter;
import io.memos4j.api.adapters.AdapterChange;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.cli.output.JsonOutput;
import io.memos4j.server.v1.AdapterJson;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows one adapter whole. */
@Command(
        name = "show",
        description = "Show one adapter: how it was made, how it did, what it was taught, what happened to it.")
final class AdapterShowCommand extends AdapterCommand {
    @Parameters(paramLabel = "ADAPTER", description = "Name and version, for example lesson-1@2.")
    private String adapter;

    @Override
    int run(MemCube named) {
        Adapter found = requireAdapter(named, adapter);
        List<MemoryItem> taught = named.adapters().taught(found.id());
        List<AdapterChange> history = named.adapters().history().stream()
                .filter(change -> change.adapter().equals(found.id()))
                .toList();
        if (json()) {
            Map<String, Object> values = AdapterJson.adapter(found);
            values.put("memories", taught.stream().map(JsonOutput.SHAPES::item).toList());
            values.put("history", history.stream().map(AdapterJson::change).toList());
            out().println(JsonOutput.of(values));
        } else {
            new AdapterPrinter(out()).printDetails(found, taught, history);
        }
        return 0;
    }
}
