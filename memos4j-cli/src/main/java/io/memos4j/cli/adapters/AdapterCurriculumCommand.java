package io.memos4j.cli.adapters;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.adapters.ParametricMemory.Curriculum;
import io.memos4j.api.adapters.ParametricMemory.Example;
import io.memos4j.api.adapters.ParametricMemory.Left;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.cli.command.ExitCode;
import io.memos4j.cli.output.JsonOutput;
import io.memos4j.cli.output.TextOutput;
import io.memos4j.server.v1.AdapterJson;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows or exports the training data that the next training would use. */
@Command(
        name = "curriculum",
        description = "Show what the next training would teach, and what it leaves out and why; changes nothing.")
final class AdapterCurriculumCommand extends AdapterCommand {
    private static final Path STANDARD_OUTPUT = Path.of("-");

    @Parameters(
            arity = "0..*",
            paramLabel = "ITEM",
            description = "The memories to teach; without any, all that are hot and stable enough.")
    private List<String> ids = List.of();

    @Option(
            names = "--export",
            paramLabel = "FILE",
            description =
                    "Write the training data as JSONL, one {\"item\",\"kind\",\"prompt\",\"completion\"} per line;"
                            + " - is standard output. An existing file is replaced.")
    private Optional<Path> export = Optional.empty();

    @Override
    public Integer call() throws Exception {
        if (json() && export.isPresent()) {
            throw MemoryException.invalid("Give either --json or --export.");
        }
        return super.call();
    }

    @Override
    protected int run(MemCube target) {
        Curriculum curriculum = target.adapters().curriculum(items(ids));
        if (export.isPresent()) {
            write(curriculum.examples(), export.get());
        } else if (json()) {
            printJson(AdapterJson.curriculum(curriculum));
        } else {
            print(target, curriculum);
        }
        return ExitCode.OK;
    }

    private void write(List<Example> examples, Path file) {
        if (file.equals(STANDARD_OUTPUT)) {
            examples.forEach(each -> out().println(line(each)));
            return;
        }
        try (BufferedWriter writer = Files.newBufferedWriter(file)) {
            for (Example each : examples) {
                writer.write(line(each) + "\n");
            }
        } catch (IOException e) {
            throw new MemoryException(
                    ErrorCode.STORAGE_FAILED, "Cannot write " + file + ": " + e + ". Choose another file.", e);
        }
        out().println("Wrote " + examples.size() + " examples to " + file + ".");
    }

    private static String line(Example example) {
        return JsonOutput.of(AdapterJson.example(example));
    }

    private void print(MemCube target, Curriculum curriculum) {
        TextOutput screen = screen();
        Optional<Optional<ItemId>> last = Optional.empty();
        for (Example each : curriculum.examples()) {
            if (!last.equals(Optional.of(each.item()))) {
                screen.line(each.item().map(id -> heading(target, id)).orElse("Answers that must not be given"));
                last = Optional.of(each.item());
            }
            screen.wrapped(
                    String.format(
                            "%-10s  %s → %s",
                            each.kind().name().toLowerCase(Locale.ROOT), each.prompt(), each.answer()),
                    "    ",
                    "                ");
        }
        for (Left each : curriculum.left()) {
            screen.line("left out: " + heading(target, each.item()));
            screen.wrapped(each.why(), "    ");
        }
        long memories = curriculum.examples().stream()
                .flatMap(each -> each.item().stream())
                .distinct()
                .count();
        screen.format(
                "%d examples about %d memories; %d memories left out",
                curriculum.examples().size(), memories, curriculum.left().size());
        if (!target.adapters().policy().consent()) {
            screen.line(TextOutput.dim("Nothing is trained without the owner's consent."
                    + " To give it: memos4j adapters policy --consent yes"));
        }
    }

    private static String heading(MemCube target, ItemId id) {
        String text =
                target.get(id).map(MemoryItem::text).map(TextOutput::firstLine).orElse("");
        return TextOutput.bold(text) + "  " + TextOutput.dim(id.toString());
    }
}
