package io.memos4j.cli.chat;

import io.memos4j.api.CubeId;
import io.memos4j.api.MemCube;
import io.memos4j.api.chat.ChatReply;
import io.memos4j.api.chat.ChatReply.AdapterUse;
import io.memos4j.api.chat.ChatReply.Usage;
import io.memos4j.api.chat.ChatRequest;
import io.memos4j.api.chat.ChatRequest.Sampling;
import io.memos4j.api.items.Message;
import io.memos4j.api.items.Role;
import io.memos4j.cli.command.EngineCommand;
import io.memos4j.cli.options.AnsweringOptions;
import io.memos4j.cli.options.CubeOption;
import io.memos4j.cli.output.DurationFormat;
import io.memos4j.cli.output.JsonOutput;
import io.memos4j.cli.output.TerminalDetection;
import io.memos4j.cli.output.TextOutput;
import io.memos4j.core.ChatConfig;
import io.memos4j.core.MemOs;
import io.memos4j.server.v1.ApiJson;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A conversation that remembers. */
@Command(
        name = "chat",
        description = {
            "Talk to a model that remembers: what helps to answer is recalled, and what is said is remembered.",
            "--model FILE.gguf answers in this process, and what is the same in each prompt is computed once and kept, also"
                    + " on disk; --model NAME with --model-url is a provider's or a server's model."
        })
public final class ChatCommand extends EngineCommand {
    @Mixin
    private CubeOption cube;

    @Mixin
    private AnsweringOptions answerer;

    @Option(
            names = "--shared",
            paramLabel = "NAME",
            description = "A cube whose memory is used too, and whose beginning comes first (repeatable).")
    private List<String> shared = List.of();

    @Option(
            names = "--session",
            paramLabel = "S",
            description = "The name of the conversation (default: one of its own).")
    private Optional<String> session = Optional.empty();

    @Option(names = "--system", paramLabel = "TEXT", description = "What the model is told first.")
    private Optional<String> system = Optional.empty();

    @Option(
            names = "--memory-tokens",
            paramLabel = "N",
            defaultValue = "512",
            description = "Size of what is recalled for a question (default: ${DEFAULT-VALUE}).")
    private int memoryTokens;

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            defaultValue = "512",
            description = "The longest answer (default: ${DEFAULT-VALUE}).")
    private int maxTokens;

    @Option(
            names = "--temperature",
            paramLabel = "T",
            defaultValue = "0",
            description = "0 takes the most probable word every time (default: ${DEFAULT-VALUE}).")
    private float temperature;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "0", description = "The same seed, the same answer.")
    private int seed;

    @Option(names = "--no-remember", description = "Leave the memory as it is.")
    private boolean forgetful;

    @Option(names = "--no-adapters", description = "Let the model answer as it is, without what it was taught.")
    private boolean withoutAdapters;

    @Option(
            names = "--compare",
            description = "Answer each question once more with nothing reused, and show both times.")
    private boolean compare;

    @Option(names = "--json", description = "Print JSON, one answer a line.")
    private boolean json;

    @Parameters(
            paramLabel = "QUESTION",
            arity = "0..*",
            description = "Questions; from the terminal if there are none.")
    private List<String> questions = List.of();

    private final List<Message> said = new ArrayList<>();
    private String conversation = "";

    @Override
    public boolean usesReranker() {
        return true;
    }

    @Override
    public Optional<ChatConfig> answering() {
        return Optional.of(answerer.answering(models()));
    }

    @Override
    public int run(MemOs memos) throws IOException {
        conversation = session.orElseGet(() -> "chat " + Instant.now().truncatedTo(ChronoUnit.SECONDS));
        system.ifPresent(text -> said.add(Message.of(Role.SYSTEM, text)));
        if (!questions.isEmpty()) {
            questions.forEach(question -> ask(memos, question));
            return 0;
        }
        BufferedReader terminal = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        prompt();
        for (String line = terminal.readLine(); line != null; line = terminal.readLine()) {
            if (!line.isBlank()) {
                ask(memos, line);
            }
            prompt();
        }
        return 0;
    }

    private void prompt() {
        if (TerminalDetection.out() && !json) {
            out().print(TextOutput.bold("> "));
            out().flush();
        }
    }

    private void ask(MemOs memos, String question) {
        said.add(Message.user(question));
        ChatRequest request = new ChatRequest(
                said,
                conversation,
                memoryTokens,
                maxTokens,
                new Sampling(temperature, seed),
                true,
                !withoutAdapters,
                !forgetful);
        Optional<Usage> anew = compare
                ? Optional.of(answer(memos, request.reuse(false).remember(false), text -> true)
                        .usage())
                : Optional.empty();
        ChatReply reply = answer(memos, request, this::show);
        said.add(Message.assistant(reply.text()));
        reply.warnings().forEach(warning -> err().println("memos4j: " + warning.message()));
        if (json) {
            out().println(JsonOutput.of(json(reply, anew)));
        } else {
            out().println();
            new TextOutput(out()).line(TextOutput.dim(summary(reply, anew)));
        }
        out().flush();
    }

    private boolean show(String text) {
        if (!json) {
            out().print(TextOutput.printable(text));
            out().flush();
        }
        return true;
    }

    private ChatReply answer(MemOs memos, ChatRequest request, Predicate<String> sink) {
        MemCube own = memos.cube(cube.name());
        if (shared.isEmpty()) {
            return own.chat(request, sink);
        }
        List<CubeId> all = new ArrayList<>();
        shared.forEach(name -> all.add(requireCube(memos, name).id()));
        all.add(own.id());
        return memos.compose(all.toArray(CubeId[]::new)).chat(request, sink);
    }

    private static String summary(ChatReply reply, Optional<Usage> anew) {
        Usage usage = reply.usage();
        String cached = usage.cachedTokens() == 0
                ? "none computed before"
                : String.format(
                        Locale.ROOT,
                        "%d of them from %s (%.0f %%)",
                        usage.cachedTokens(),
                        usage.cache(),
                        100 * usage.cachedShare());
        String without = anew.map(each -> String.format(
                        Locale.ROOT,
                        ", %s with nothing reused",
                        DurationFormat.formatMeasured(each.timeToFirstToken())))
                .orElse("");
        return String.format(
                Locale.ROOT,
                "[%d memories%s · prompt %d tokens, %s · first token after %s%s · %d tokens]",
                reply.memories().size(),
                reply.adapters().stream().map(ChatCommand::shown).collect(Collectors.joining()),
                usage.promptTokens(),
                cached,
                DurationFormat.formatMeasured(usage.timeToFirstToken()),
                without,
                usage.outputTokens());
    }

    private static String shown(AdapterUse routed) {
        String scale = routed.scale() == 1 ? "" : String.format(Locale.ROOT, " × %.2f", routed.scale());
        return " · " + routed.adapter() + " of " + routed.cube() + scale;
    }

    private static Map<String, Object> json(ChatReply reply, Optional<Usage> anew) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("text", reply.text());
        json.put("complete", reply.complete());
        json.put(
                "memories",
                reply.memories().stream().map(hit -> hit.item().id().toString()).toList());
        json.put(
                "adapters",
                reply.adapters().stream().map(JsonOutput.SHAPES::routed).toList());
        json.put("usage", ApiJson.usage(reply.usage()));
        anew.ifPresent(usage -> json.put("usage_without_reuse", ApiJson.usage(usage)));
        return json;
    }
}
