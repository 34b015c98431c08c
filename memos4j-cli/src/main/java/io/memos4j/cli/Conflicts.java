package io.memos4j.cli;

import io.memos4j.api.TransferConflict;
import java.util.List;
import java.util.Map;

/** What contradicted each other when items came from one cube to another. */
final class Conflicts {
    private Conflicts() {}

    static void print(Screen screen, List<TransferConflict> conflicts) {
        for (TransferConflict conflict : conflicts) {
            screen.line("");
            screen.line("holds     " + line(conflict, true));
            screen.line("archived  " + line(conflict, false));
        }
        if (!conflicts.isEmpty()) {
            screen.line("");
            screen.line("Where the archived one is right: memos4j reinstate ID --cube NAME");
        }
    }

    private static String line(TransferConflict conflict, boolean holding) {
        var item = holding ? conflict.holding() : conflict.former();
        return Times.show(item.times().occurredAt()) + "  " + Screen.first(item.text()) + "  "
                + Screen.dim(item.id().toString());
    }

    static List<Map<String, Object>> json(List<TransferConflict> conflicts) {
        return conflicts.stream()
                .map(conflict -> Map.<String, Object>of(
                        "incoming", Json.SHAPES.item(conflict.incoming()),
                        "present", Json.SHAPES.item(conflict.present()),
                        "holds", conflict.holding().id().toString()))
                .toList();
    }
}
