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
import io.memos4j.cli.command.ExitCode;
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

/** Chats with a model that has a memory. */
@Command(
        name = "chat",
        description = {
            "Chat with a model that has a memory: it recalls what helps to answer, and remembers the conversation.",
            "--model FILE.gguf runs in this process and reuses the KV cache of the prompt prefix, also from disk;"
                    + " --model NAME with --model-url is the model of a provider or a server."
        })
public final class ChatCommand extends EngineCommand {
    @Mixin
    private CubeOption cube;

    @Mixin
    private AnsweringOptions answerer;

    @Option(
            names = "--shared",
            paramLabel = "NAME",
            description = "A further cube to recall from; its prompt prefix comes first (repeatable).")
    private List<String> shared = List.of();

    @Option(names = "--session", paramLabel = "S", description = "The session (default: a new one).")
    private Optional<String> session = Optional.empty();

    @Option(names = "--system", paramLabel = "TEXT", description = "The system message.")
    private Optional<String> system = Optional.empty();

    @Option(
            names = "--memory-tokens",
            paramLabel = "N",
            defaultValue = "512",
            description = "Token budget for the memories recalled for a question (default: ${DEFAULT-VALUE}).")
    private int memoryTokens;

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            defaultValue = "512",
            description = "The longest answer, in tokens (default: ${DEFAULT-VALUE}).")
    private int maxTokens;

    @Option(
            names = "--temperature",
            paramLabel = "T",
            defaultValue = "0",
            description = "Sampling temperature; 0 always takes the most probable token (default: ${DEFAULT-VALUE}).")
    private float temperature;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Sampling seed; the same seed gives the same answer.")
    private int seed;

    @Option(names = "--no-remember", description = "Do not remember the conversation.")
    private boolean forgetful;

    @Option(names = "--no-adapters", description = "Do not apply the adapters of the cube.")
    private boolean withoutAdapters;

    @Option(names = "--compare", description = "Answer each question once more without the cache, and show both times.")
    private boolean compare;

    @Option(names = "--json", description = "Print JSON, one object per line.")
    private boolean json;

    @Parameters(
            paramLabel = "QUESTION",
            arity = "0..*",
            description = "Questions; without any, they are read from the terminal.")
    private List<String> questions = List.of();

    private final List<Message> said = new ArrayList<>();
    private String conversation = "";

    @Override
    protected boolean usesReranker() {
        return true;
    }

    @Override
    protected Optional<ChatConfig> chatConfig() {
        return Optional.of(answerer.chatConfig(models()));
    }

    @Override
    protected int run(MemOs memos) throws IOException {
        conversation = session.orElseGet(() -> "chat " + Instant.now().truncatedTo(ChronoUnit.SECONDS));
        system.ifPresent(text -> said.add(Message.of(Role.SYSTEM, text)));
        if (!questions.isEmpty()) {
            questions.forEach(question -> ask(memos, question));
            return ExitCode.OK;
        }
        BufferedReader terminal = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        prompt();
        for (String line = terminal.readLine(); line != null; line = terminal.readLine()) {
            if (!line.isBlank()) {
                ask(memos, line);
            }
            prompt();
        }
        return ExitCode.OK;
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
        warn(reply.warnings());
        if (json) {
            out().println(JsonOutput.of(json(reply, anew)));
        } else {
            out().println();
            screen().line(TextOutput.dim(summary(reply, anew)));
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
                ? "none from the cache"
                : String.format(
                        Locale.ROOT,
                        "%d of them from %s (%.0f %%)",
                        usage.cachedTokens(),
                        usage.cache(),
                        100 * usage.cachedShare());
        String without = anew.map(each -> String.format(
                        Locale.ROOT, ", %s without the cache", DurationFormat.formatMeasured(each.timeToFirstToken())))
                .orElse("");
        return String.format(
                Locale.ROOT,
                "[%d memories%s · prompt %d tokens, %s · first token after %s%s · %d tokens]",
                reply.memories().size(),
                reply.adapters().stream().map(ChatCommand::adapterLabel).collect(Collectors.joining()),
                usage.promptTokens(),
                cached,
                DurationFormat.formatMeasured(usage.timeToFirstToken()),
                without,
                usage.outputTokens());
    }

    private static String adapterLabel(AdapterUse routed) {
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
