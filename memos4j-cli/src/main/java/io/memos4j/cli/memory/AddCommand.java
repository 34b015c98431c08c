package io.memos4j.cli.memory;

import io.memos4j.api.MemoryException;
import io.memos4j.api.items.AddRequest;
import io.memos4j.api.items.AddResult;
import io.memos4j.api.items.AddResult.Outcome;
import io.memos4j.api.items.Document;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.MemoryInput;
import io.memos4j.api.items.Message;
import io.memos4j.api.items.Note;
import io.memos4j.api.items.Role;
import io.memos4j.cli.command.EngineCommand;
import io.memos4j.cli.command.ExitCode;
import io.memos4j.cli.options.CubeOption;
import io.memos4j.cli.output.JsonOutput;
import io.memos4j.cli.output.TimeFormat;
import io.memos4j.core.MemOs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Adds one message, one note or one document. */
@Command(name = "add", description = "Add a message, a note or a document to the memory.")
public final class AddCommand extends EngineCommand {
    @Mixin
    private CubeOption cube;

    @Parameters(arity = "0..1", paramLabel = "TEXT")
    private Optional<String> text = Optional.empty();

    @Option(names = "--file", paramLabel = "DOC")
    private Optional<Path> file = Optional.empty();

    @Option(names = "--speaker", paramLabel = "NAME")
    private Optional<String> speaker = Optional.empty();

    @Option(names = "--role", paramLabel = "ROLE")
    private Optional<String> role = Optional.empty();

    @Option(names = "--session", paramLabel = "S", defaultValue = "")
    private String session;

    @Option(names = "--time", paramLabel = "TIME")
    private Optional<String> time = Optional.empty();

    @Option(names = "--type", paramLabel = "TYPE", defaultValue = "note")
    private String type;

    @Option(names = "--tag", paramLabel = "TAG")
    private List<String> tags = List.of();

    @Option(names = "--expires", paramLabel = "WHEN")
    private Optional<String> expires = Optional.empty();

    @Option(names = "--json")
    private boolean json;

    @Override
    protected int run(MemOs memos) throws IOException {
        AddResult result = memos.cube(cube.name()).add(request());
        warn(result.warnings());
        for (AddResult.Added added : result.items()) {
            if (json) {
                out().println(JsonOutput.of(Map.of(
                        "id", added.id().toString(), "outcome", added.outcome().name())));
            } else {
                out().println(added.id()
                        + (added.outcome() == Outcome.ADDED ? "" : "  (" + outcome(added.outcome()) + ")"));
            }
        }
        if (!json) {
            result.forgotten()
                    .forEach(each -> out().println(
                                    each.id() + "  (forgotten: erased " + TimeFormat.format(each.erasedAt()) + ")"));
        }
        return ExitCode.OK;
    }

    private AddRequest request() throws IOException {
        AddRequest request = AddRequest.of(List.of(input()));
        return expires.map(TimeFormat::parseOrFromNow).map(request::expiring).orElse(request);
    }

    private static String outcome(Outcome outcome) {
        return switch (outcome) {
            case ADDED -> "added";
            case DUPLICATE -> "a duplicate of an existing item";
            case ECHO -> "an echo of returned context: kept, but not recalled";
            case NOT_RECALLED -> "a system prompt or a placeholder: kept, but not recalled";
            case HEEDED -> "a request to forget: carried out, withheld with what it covers";
            case WITHHELD -> "withheld, as the speaker asked";
        };
    }

    private MemoryInput input() throws IOException {
        if (file.isPresent() == text.isPresent()) {
            throw MemoryException.invalid("Give either a text (or - for standard input) or --file.");
        }
        if (file.isPresent()) {
            Document document = DocumentFiles.read(file.get()).tagged(tags.toArray(String[]::new));
            return time.map(TimeFormat::parse).map(document::at).orElse(document);
        }
        String content =
                text.get().equals("-") ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8) : text.get();
        if (speaker.isPresent() || role.isPresent()) {
            Message message = Message.of(role.map(Role::parse).orElse(Role.USER), content)
                    .by(speaker.orElse(""))
                    .in(session);
            return time.map(TimeFormat::parseWithOffset).map(message::at).orElse(message);
        }
        Note note = Note.of(content).as(ItemType.parse(type)).in(session).tagged(tags.toArray(String[]::new));
        return time.map(TimeFormat::parseWithOffset).map(note::at).orElse(note);
    }
}
