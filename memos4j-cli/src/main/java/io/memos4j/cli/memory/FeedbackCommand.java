package io.memos4j.cli.memory;

import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.items.Feedback;
import io.memos4j.api.items.Feedback.Kind;
import io.memos4j.api.items.FeedbackResult;
import io.memos4j.cli.command.CubeCommand;
import io.memos4j.cli.command.ExitCode;
import io.memos4j.cli.output.TextOutput;
import io.memos4j.server.v1.ApiJson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Records feedback on memories. */
@Command(name = "feedback", description = "Correct memories, or rate them as helpful or unhelpful.")
public final class FeedbackCommand extends CubeCommand {
    @Parameters(arity = "0..1", paramLabel = "TEXT", description = "The correct statement; goes before any option.")
    private Optional<String> text = Optional.empty();

    @Option(
            names = "--wrong",
            arity = "1..*",
            paramLabel = "ID",
            description = "The memories that it corrects (default: the engine finds them).")
    private List<String> wrong = List.of();

    @Option(names = "--helpful", arity = "1..*", paramLabel = "ID", description = "Rank these a little higher.")
    private List<String> helpful = List.of();

    @Option(names = "--unhelpful", arity = "1..*", paramLabel = "ID", description = "Rank these a little lower.")
    private List<String> unhelpful = List.of();

    @Override
    public Integer call() throws Exception {
        feedback();
        return super.call();
    }

    @Override
    protected int run(MemCube target) {
        Feedback feedback = feedback();
        FeedbackResult result = target.feedback(feedback);
        warn(result.warnings());
        if (json()) {
            Map<String, Object> values = new LinkedHashMap<>();
            result.stored().ifPresent(id -> values.put("stored", id.toString()));
            values.put("changed", ApiJson.ids(result.changed()));
            values.put("warnings", result.warnings());
            printJson(values);
        } else if (feedback.kind() == Kind.CORRECTION) {
            result.stored().ifPresent(id -> out().println(id));
            TextOutput screen = screen();
            result.changed().stream()
                    .flatMap(id -> target.get(id).stream())
                    .forEach(item -> screen.line("replaces " + item.id() + "  " + TextOutput.firstLine(item.text())));
        } else {
            out().println("Rated " + result.changed().size() + " items.");
        }
        return ExitCode.OK;
    }

    private Feedback feedback() {
        boolean correction = text.isPresent() || !wrong.isEmpty();
        long kinds = Stream.of(correction, !helpful.isEmpty(), !unhelpful.isEmpty())
                .filter(given -> given)
                .count();
        if (kinds != 1) {
            throw MemoryException.invalid("Give exactly one of: a correction in words, --helpful, --unhelpful.");
        }
        if (correction) {
            return Feedback.correction(
                    text.orElseThrow(() -> MemoryException.invalid("--wrong says what is wrong, but not what is right."
                            + " Give the correction first: feedback \"…\" --wrong ID")),
                    ids(wrong));
        }
        return helpful.isEmpty() ? Feedback.unhelpful(ids(unhelpful)) : Feedback.helpful(ids(helpful));
    }

    private static ItemId[] ids(List<String> texts) {
        return texts.stream().map(ItemId::parse).toArray(ItemId[]::new);
    }
}
