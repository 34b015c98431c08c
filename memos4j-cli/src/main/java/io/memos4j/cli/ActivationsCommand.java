package io.memos4j.cli;

import io.memos4j.api.Activation;
import io.memos4j.api.ActivationMemory;
import io.memos4j.api.ActivationMemory.Promotion;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.core.Answering;
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
final class ActivationsCommand extends MemoryCommand {
    @Mixin
    private CubeOption cube;

    @Mixin
    private Answerer answerer;

    @Option(
            names = "--compile",
            description = "Compute the present beginning, with --model FILE.gguf, and keep it on disk.")
    private boolean compile;

    @Option(names = "--drop", paramLabel = "ID", description = "Erase a computed beginning, bytes included.")
    private Optional<String> drop = Optional.empty();

    @Option(names = "--json", description = "Print JSON, one a line.")
    private boolean json;

    @Override
    Optional<Answering> answering() {
        return compile ? Optional.of(answerer.answering(models())) : Optional.empty();
    }

    @Override
    int run(MemOs memos) {
        MemCube named = existing(memos, cube.name());
        ActivationMemory memory = named.activations();
        drop.filter(id -> !memory.drop(id)).ifPresent(id -> {
            throw new MemoryException(
                    ErrorCode.INVALID_ARGUMENT, "Cube '" + named.id() + "' has no computed beginning " + id + ".");
        });
        List<Activation> activations = compile ? memory.compile() : memory.list();
        Screen screen = new Screen(out());
        if (json) {
            activations.forEach(each -> out().println(Json.of(Json.SHAPES.activation(each))));
            return 0;
        }
        for (Promotion each : memory.promoted()) {
            screen.line(each.item().id() + "  " + Screen.first(each.item().text()));
            screen.line(Screen.dim("    " + each.why()));
        }
        activations.forEach(each -> print(screen, each));
        if (activations.isEmpty()) {
            screen.line("Nothing is computed for cube '" + named.id() + "'.");
        }
        return 0;
    }

    private static void print(Screen screen, Activation activation) {
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
        screen.line(Screen.dim("    model "
                + activation
                        .model()
                        .substring(0, Math.min(12, activation.model().length()))
                + "…, " + activation.caches() + ", " + activation.runtime() + ", saves "
                + Durations.measured(activation.prefill()) + " a use"));
    }
}
