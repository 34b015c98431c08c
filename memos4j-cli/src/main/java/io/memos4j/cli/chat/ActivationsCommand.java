package io.memos4j.cli.chat;

import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.kvcache.ActivationMemory;
import io.memos4j.api.kvcache.ActivationMemory.Promotion;
import io.memos4j.api.kvcache.KvCacheEntry;
import io.memos4j.cli.command.CubeCommand;
import io.memos4j.cli.command.ExitCode;
import io.memos4j.cli.options.AnsweringOptions;
import io.memos4j.cli.output.DurationFormat;
import io.memos4j.cli.output.JsonOutput;
import io.memos4j.cli.output.TextOutput;
import io.memos4j.core.ChatConfig;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows, computes or erases the saved prompt prefixes of a cube. */
@Command(
        name = "activations",
        description = {
            "Show the prompt prefix of a cube and the KV caches saved for it.",
            "The prefix is what every prompt of the cube begins with: instructions, the profile, memories used often."
        })
public final class ActivationsCommand extends CubeCommand {
    private static final int HASH = 12;

    @Mixin
    private AnsweringOptions answerer;

    @Option(
            names = "--compile",
            description = "Compute the KV cache of the current prefix with --model FILE.gguf, and keep it on disk.")
    private boolean compile;

    @Option(names = "--drop", paramLabel = "ID", description = "Erase a saved KV cache, bytes included.")
    private Optional<String> drop = Optional.empty();

    @Override
    protected Optional<ChatConfig> chatConfig() {
        return compile ? Optional.of(answerer.chatConfig(models())) : Optional.empty();
    }

    @Override
    protected int run(MemCube target) {
        ActivationMemory memory = target.activations();
        drop.filter(id -> !memory.drop(id)).ifPresent(id -> {
            throw MemoryException.invalid("Cube '" + target.id() + "' has no saved KV cache " + id + ".");
        });
        List<KvCacheEntry> activations = compile ? memory.compile() : memory.list();
        if (json()) {
            activations.forEach(each -> printJson(JsonOutput.SHAPES.activation(each)));
            return ExitCode.OK;
        }
        TextOutput screen = screen();
        for (Promotion each : memory.promoted()) {
            screen.line(
                    each.item().id() + "  " + TextOutput.firstLine(each.item().text()));
            screen.line(TextOutput.dim("    " + each.why()));
        }
        activations.forEach(each -> print(screen, each));
        if (activations.isEmpty()) {
            screen.line("Cube '" + target.id() + "' has no saved KV caches.");
        }
        return ExitCode.OK;
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
        String model = activation.model();
        screen.line(TextOutput.dim("    model " + model.substring(0, Math.min(HASH, model.length()))
                + "…, " + activation.caches() + ", " + activation.runtime() + ", saves "
                + DurationFormat.formatMeasured(activation.prefill()) + " per use"));
    }
}
