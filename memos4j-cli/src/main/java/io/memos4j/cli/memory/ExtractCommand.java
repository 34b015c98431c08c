package io.memos4j.cli.memory;

import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.items.ExtractionResult;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.cli.command.CubeCommand;
import io.memos4j.cli.command.ExitCode;
import io.memos4j.cli.output.JsonOutput;
import io.memos4j.cli.output.TextOutput;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/** Lets a language model extract facts, events and preferences from new messages. */
@Command(
        name = "extract",
        description =
                "Let a language model extract facts, events and preferences from the messages that it has not read.")
public final class ExtractCommand extends CubeCommand {
    @Override
    public Integer call() throws Exception {
        models().requireModel();
        return super.call();
    }

    @Override
    protected boolean usesLanguageModel() {
        return true;
    }

    @Override
    protected int run(MemCube target) {
        ExtractionResult extraction = target.extract();
        extraction.failed().forEach(window -> warn(window + " Run the command again to try once more."));
        if (!extraction.complete() && extraction.failed().isEmpty()) {
            warn("The model's budget for today is used up; run the command again tomorrow for the rest.");
        }
        if (json()) {
            printJson(values(target, extraction));
        } else {
            print(target, extraction);
        }
        return extraction.failed().isEmpty() ? ExitCode.OK : ExitCode.FAILED;
    }

    private void print(MemCube target, ExtractionResult extraction) {
        TextOutput screen = screen();
        print(screen, "added", items(target, extraction.added()));
        print(screen, "updated", items(target, extraction.updated()));
        print(screen, "retired", items(target, extraction.retired()));
        extraction.refused().forEach(reason -> screen.wrapped("refused  " + reason, "", "         "));
        screen.format(
                "%d added, %d updated, %d retired, %d refused; %d calls, %d tokens",
                extraction.added().size(),
                extraction.updated().size(),
                extraction.retired().size(),
                extraction.refused().size(),
                extraction.calls(),
                extraction.tokens());
    }

    private static void print(TextOutput screen, String change, Stream<MemoryItem> items) {
        items.forEach(item -> {
            screen.wrapped(String.format("%-8s %s: %s", change, item.type().id(), item.text()), "", "         ");
            screen.line(TextOutput.dim("         " + item.id()));
        });
    }

    private static Map<String, Object> values(MemCube target, ExtractionResult extraction) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("added", json(target, extraction.added()));
        values.put("updated", json(target, extraction.updated()));
        values.put("retired", json(target, extraction.retired()));
        values.put("refused", extraction.refused());
        values.put("calls", extraction.calls());
        values.put("tokens", extraction.tokens());
        values.put("complete", extraction.complete());
        values.put("failed", extraction.failed());
        return values;
    }

    private static List<Map<String, Object>> json(MemCube target, List<ItemId> ids) {
        return items(target, ids).map(JsonOutput.SHAPES::item).toList();
    }

    private static Stream<MemoryItem> items(MemCube target, List<ItemId> ids) {
        return ids.stream().flatMap(id -> target.get(id).stream());
    }
}
