package io.memos4j.cli.cubes;

import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.transfer.TransferConflict;
import io.memos4j.cli.output.JsonOutput;
import io.memos4j.cli.output.TextOutput;
import io.memos4j.cli.output.TimeFormat;
import java.util.List;
import java.util.Map;

/** Prints the contradictions found when items come from one cube to another. */
final class TransferConflictPrinter {
    private TransferConflictPrinter() {}

    static void print(TextOutput screen, List<TransferConflict> conflicts) {
        for (TransferConflict conflict : conflicts) {
            screen.line("");
            screen.line("holds     " + line(conflict.current()));
            screen.line("archived  " + line(conflict.archived()));
        }
        if (!conflicts.isEmpty()) {
            screen.line("");
            screen.line("If the archived one is right: memos4j reinstate ID --cube NAME");
        }
    }

    private static String line(MemoryItem item) {
        return TimeFormat.format(item.times().occurredAt()) + "  " + TextOutput.firstLine(item.text()) + "  "
                + TextOutput.dim(item.id().toString());
    }

    static List<Map<String, Object>> json(List<TransferConflict> conflicts) {
        return conflicts.stream()
                .map(conflict -> Map.<String, Object>of(
                        "incoming", JsonOutput.SHAPES.item(conflict.incoming()),
                        "present", JsonOutput.SHAPES.item(conflict.present()),
                        "holds", conflict.current().id().toString()))
                .toList();
    }
}
