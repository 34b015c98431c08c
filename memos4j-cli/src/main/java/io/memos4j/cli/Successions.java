package io.memos4j.cli;

import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.Succession;

/** What an item replaced, and what replaced it. */
final class Successions {
    private Successions() {}

    static void print(MemCube cube, ItemId id, Screen screen) {
        for (Succession succession : cube.successions(id)) {
            boolean replaced = succession.former().equals(id);
            ItemId other = replaced ? succession.successor() : succession.former();
            screen.line(Screen.bold(replaced ? "replaced by " : "replaces    ") + other + "  since "
                    + Times.show(succession.since())
                    + (succession.reason().isEmpty() ? "" : ": " + succession.reason()));
            cube.get(other).ifPresent(item -> screen.line("    " + Screen.first(item.text())));
        }
    }
}
