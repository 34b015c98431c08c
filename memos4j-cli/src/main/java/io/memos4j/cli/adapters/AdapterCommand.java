package io.memos4j.cli.adapters;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.adapters.Adapter;
import io.memos4j.api.adapters.AdapterId;
import io.memos4j.cli.command.EngineCommand;
import io.memos4j.cli.options.CubeOption;
import io.memos4j.cli.output.JsonOutput;
import io.memos4j.core.MemOs;
import io.memos4j.server.v1.AdapterJson;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the commands on the adapters of a cube have in common. */
abstract class AdapterCommand extends EngineCommand {
    @Mixin
    private CubeOption cube;

    @Option(names = "--json", description = "Print JSON, one a line.")
    private boolean json;

    /** Does the work on the cube. */
    abstract int run(MemCube named) throws Exception;

    @Override
    public final int run(MemOs memos) throws Exception {
        return run(requireCube(memos, cube.name()));
    }

    final boolean json() {
        return json;
    }

    /** The adapter of this name and version; a refusal names those that there are. */
    static Adapter requireAdapter(MemCube named, String text) {
        AdapterId id = AdapterId.parse(text);
        return named.adapters().find(id).orElseThrow(() -> {
            List<Adapter> all = named.adapters().list();
            String hint = all.isEmpty()
                    ? "It has none. To make some: memos4j adapters train"
                    : "It has "
                            + all.stream()
                                    .limit(5)
                                    .map(each -> each.id().toString())
                                    .collect(Collectors.joining(", "))
                            + (all.size() > 5 ? " and others. See: memos4j adapters list" : ".");
            return new MemoryException(
                    ErrorCode.ADAPTER_NOT_FOUND, "Cube '" + named.id() + "' has no adapter " + id + ". " + hint);
        });
    }

    static List<ItemId> items(List<String> ids) {
        return ids.stream().map(ItemId::parse).toList();
    }

    /** Says how an adapter stands after a change. */
    final void printChanged(Adapter adapter) {
        if (json) {
            out().println(JsonOutput.of(AdapterJson.adapter(adapter)));
        } else {
            new AdapterPrinter(out()).printSummary(adapter);
        }
    }
}
