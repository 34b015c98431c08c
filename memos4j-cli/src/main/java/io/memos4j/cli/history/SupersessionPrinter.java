package io.memos4j.cli.history;

import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.history.SupersessionRecord;
import io.memos4j.cli.output.TextOutput;
import io.memos4j.cli.output.TimeFormat;

/** Prints the items that an item replaced and those that replaced it. */
public final class SupersessionPrinter {
    private SupersessionPrinter() {}

    public static void print(MemCube cube, ItemId id, TextOutput screen) {
        for (SupersessionRecord succession : cube.supersessions(id)) {
            boolean replaced = succession.former().equals(id);
            ItemId other = replaced ? succession.successor() : succession.former();
            screen.line(TextOutput.bold(replaced ? "replaced by " : "replaces    ") + other + "  since "
                    + TimeFormat.format(succession.since())
                    + (succession.reason().isEmpty() ? "" : ": " + succession.reason()));
            cube.get(other).ifPresent(item -> screen.line("    " + TextOutput.firstLine(item.text())));
        }
    }
}
