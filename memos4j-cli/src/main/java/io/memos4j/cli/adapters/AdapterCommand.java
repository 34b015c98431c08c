package io.memos4j.cli.adapters;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.adapters.Adapter;
import io.memos4j.api.adapters.AdapterId;
import io.memos4j.cli.command.CubeCommand;
import io.memos4j.server.v1.AdapterJson;
import java.util.List;
import java.util.stream.Collectors;

/** Base of the commands on the adapters of a cube. */
abstract class AdapterCommand extends CubeCommand {
    /** Returns the adapter with this name and version; the error for an unknown one lists those that exist. */
    protected static Adapter requireAdapter(MemCube target, String text) {
        AdapterId id = AdapterId.parse(text);
        return target.adapters().find(id).orElseThrow(() -> {
            List<Adapter> all = target.adapters().list();
            String hint = all.isEmpty()
                    ? "It has none. To train some: memos4j adapters train"
                    : "It has "
                            + all.stream()
                                    .limit(5)
                                    .map(each -> each.id().toString())
                                    .collect(Collectors.joining(", "))
                            + (all.size() > 5 ? " and others. See: memos4j adapters list" : ".");
            return new MemoryException(
                    ErrorCode.ADAPTER_NOT_FOUND, "Cube '" + target.id() + "' has no adapter " + id + ". " + hint);
        });
    }

    protected static List<ItemId> items(List<String> ids) {
        return ids.stream().map(ItemId::parse).toList();
    }

    /** Prints the state of an adapter after a change. */
    protected final void printChanged(Adapter adapter) {
        if (json()) {
            printJson(AdapterJson.adapter(adapter));
        } else {
            new AdapterPrinter(out()).printSummary(adapter);
        }
    }
}
