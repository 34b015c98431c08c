package io.memos4j.cli;

import io.memos4j.api.Adapter;
import io.memos4j.api.AdapterChange;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryItem;
import io.memos4j.server.v1.AdapterShapes;
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
        Adapter found = known(named, adapter);
        List<MemoryItem> taught = named.adapters().taught(found.id());
        List<AdapterChange> history = named.adapters().history().stream()
                .filter(change -> change.adapter().equals(found.id()))
                .toList();
        if (json()) {
            Map<String, Object> values = AdapterShapes.adapter(found);
            values.put("memories", taught.stream().map(Json.SHAPES::item).toList());
            values.put("history", history.stream().map(AdapterShapes::change).toList());
            out().println(Json.of(values));
        } else {
            new AdapterScreen(out()).whole(found, taught, history);
        }
        return 0;
    }
}
