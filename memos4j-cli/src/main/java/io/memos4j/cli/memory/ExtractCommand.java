package io.memos4j.cli.memory;

import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.items.ExtractionResult;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.cli.command.EngineCommand;
import io.memos4j.cli.options.CubeOption;
import io.memos4j.cli.output.JsonOutput;
import io.memos4j.cli.output.TextOutput;
import io.memos4j.core.MemOs;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lets the language model read what it has not read yet. */
@Command(
        name = "extract",
        description = "Let a language model read the messages that it has not read, for facts, events and preferences.")
public final class ExtractCommand extends EngineCommand {
    @Mixin
    private CubeOption cube;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        models().requireModel();
        return super.call();
    }

    @Override
    public boolean usesLanguageModel() {
        return true;
    }

    @Override
    public int run(MemOs memos) {
        MemCube target = requireCube(memos, cube.name());
        ExtractionResult extraction = target.extract();
        if (!extraction.complete()) {
            err().println("memos4j: The model's budget of today is spent; run it again tomorrow for the rest.");
        }
        if (json) {
            out().println(JsonOutput.of(values(target, extraction)));
        } else {
            print(target, extraction);
        }
        return 0;
    }

    private void print(MemCube target, ExtractionResult extraction) {
        TextOutput screen = new TextOutput(out());
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
        values.put(
                "added",
                items(target, extraction.added()).map(JsonOutput.SHAPES::item).toList());
        values.put(
                "updated",
                items(target, extraction.updated()).map(JsonOutput.SHAPES::item).toList());
        values.put(
                "retired",
                items(target, extraction.retired()).map(JsonOutput.SHAPES::item).toList());
        values.put("refused", extraction.refused());
        values.put("calls", extraction.calls());
        values.put("tokens", extraction.tokens());
        values.put("complete", extraction.complete());
        return values;
    }

    private static Stream<MemoryItem> items(MemCube target, List<ItemId> ids) {
        return ids.stream().flatMap(id -> target.get(id).stream());
    }
}
