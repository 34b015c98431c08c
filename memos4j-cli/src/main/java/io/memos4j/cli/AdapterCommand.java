package io.memos4j.cli;

import io.memos4j.api.Adapter;
import io.memos4j.api.AdapterId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.core.MemOs;
import io.memos4j.server.v1.AdapterShapes;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the commands on the adapters of a cube have in common. */
abstract class AdapterCommand extends MemoryCommand {
    @Mixin
    private CubeOption cube;

    @Option(names = "--json", description = "Print JSON, one a line.")
    private boolean json;

    /** Does the work on the cube. */
    abstract int run(MemCube named) throws Exception;

    @Override
    final int run(MemOs memos) throws Exception {
        return run(existing(memos, cube.name()));
    }

    final boolean json() {
        return json;
    }

    /** The adapter of this name and version; a refusal names those that there are. */
    static Adapter known(MemCube named, String text) {
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
    final void changed(Adapter adapter) {
        if (json) {
            out().println(Json.of(AdapterShapes.adapter(adapter)));
        } else {
            new AdapterScreen(out()).line(adapter);
        }
    }
}
