package io.memos4j.cli.chat;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.kvcache.ActivationMemory;
import io.memos4j.api.kvcache.ActivationMemory.Promotion;
import io.memos4j.api.kvcache.KvCacheEntry;
import io.memos4j.cli.command.EngineCommand;
import io.memos4j.cli.options.AnsweringOptions;
import io.memos4j.cli.options.CubeOption;
import io.memos4j.cli.output.DurationFormat;
import io.memos4j.cli.output.JsonOutput;
import io.memos4j.cli.output.TextOutput;
import io.memos4j.core.ChatConfig;
import io.memos4j.core.MemOs;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows what stands at the beginning of a cube's prompts and its computed forms, computes or erases them. */
@Command(
        name = "activations",
        description = "Show what stands at the beginning of a cube's prompts, and the computed forms of it.")
public final class ActivationsCommand extends EngineCommand {
    @Mixin
    private CubeOption cube;

    @Mixin
    private AnsweringOptions answerer;

    @Option(
            names = "--compile",
            description = "Compute the present beginning, with --model FILE.gguf, and keep it on disk.")
    private boolean compile;

    @Option(names = "--drop", paramLabel = "ID", description = "Erase a computed beginning, bytes included.")
    private Optional<String> drop = Optional.empty();

    @Option(names = "--json", description = "Print JSON, one a line.")
    private boolean json;

    @Override
    public Optional<ChatConfig> answering() {
        return compile ? Optional.of(answerer.answering(models())) : Optional.empty();
    }

    @Override
    public int run(MemOs memos) {
        MemCube named = requireCube(memos, cube.name());
        ActivationMemory memory = named.activations();
        drop.filter(id -> !memory.drop(id)).ifPresent(id -> {
            throw new MemoryException(
                    ErrorCode.INVALID_ARGUMENT, "Cube '" + named.id() + "' has no computed beginning " + id + ".");
        });
        List<KvCacheEntry> activations = compile ? memory.compile() : memory.list();
        TextOutput screen = new TextOutput(out());
        if (json) {
            activations.forEach(each -> out().println(JsonOutput.of(JsonOutput.SHAPES.activation(each))));
            return 0;
        }
        for (Promotion each : memory.promoted()) {
            screen.line(
                    each.item().id() + "  " + TextOutput.firstLine(each.item().text()));
            screen.line(TextOutput.dim("    " + each.why()));
        }
        activations.forEach(each -> print(screen, each));
        if (activations.isEmpty()) {
            screen.line("Nothing is computed for cube '" + named.id() + "'.");
        }
        return 0;
    }

    private static void print(TextOutput screen, KvCacheEntry activation) {
        screen.format(
                "%s  %5d tokens  %7.1f MB  %s  used %d times  from %d memories",
                activation.id(),
                activation.tokens(),
                activation.bytes() / 1e6,
                activation.tiers().stream()
                        .map(tier -> tier.name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(", ")),
                activation.uses(),
                activation.sources().size());
        screen.line(TextOutput.dim("    model "
                + activation
                        .model()
                        .substring(0, Math.min(12, activation.model().length()))
                + "…, " + activation.caches() + ", " + activation.runtime() + ", saves "
                + DurationFormat.formatMeasured(activation.prefill()) + " a use"));
    }
}
