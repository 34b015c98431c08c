package io.memos4j.runtime.http;

import io.memos4j.modelfiles.Sha256;
import io.memos4j.spi.ActivationCapabilities;
import io.memos4j.spi.ChatTurn;
import io.memos4j.spi.Generation.End;
import io.memos4j.spi.GenerationOptions.Sampling;
import io.memos4j.spi.ModelIdentity;
import io.memos4j.spi.ModelShape;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * SGLang, in a build that tokenizes ({@code /tokenize}, since 2025). It heeds the seed of a choice only if it was started with {@code
 * --enable-deterministic-inference}.
 */
final class SglangServer extends PrefixServer {
    private static final String GENERATE = "/generate";
    private static final String SCHEMA = "GenerateReqInput";

    private final boolean takesConversations;

    private SglangServer(Connection connection, Model model, ServedAdapters adapters, boolean takesConversations) {
        super(connection, model, adapters);
        this.takesConversations = takesConversations;
    }

    static SglangServer open(Connection connection, HttpRuntimeOptions options) {
        JsonNode entry = entry(connection, options.model());
        int context = entry.path("max_model_len").asInt(0);
        if (context < 2) {
            throw connection.failures().broken("/v1/models", "it names no max_model_len");
        }
        JsonNode schemas = schemas(connection);
        if (!options.salt().isEmpty() && !takes(schemas, SCHEMA, "extra_key")) {
            throw Failures.unsupported(
                    "This SGLang does not say that it takes extra_key, so caches cannot be kept apart.",
                    "Use a newer build, do not switch its /openapi.json off, or leave the salt out.");
        }
        JsonNode info = connection
                .find("/server_info", new Call())
                .or(() -> connection.find("/get_server_info", new Call()))
                .orElse(Json.object());
        JsonNode model = connection
                .find("/model_info", new Call())
                .or(() -> connection.find("/get_model_info", new Call()))
                .orElse(Json.object());
        String path = Json.text(model, "model_path");
        boolean able = info.path("enable_lora").asBoolean(false);
        ServedAdapters adapters = ServedAdapters.sglang(connection, path, able);
        ModelIdentity identity = new ModelIdentity(
                Sha256.of("sglang/" + path + "/" + Json.text(model, "weight_version") + "/" + context),
                Json.text(model, "model_type"),
                Json.text(info, "quantization"),
                Sha256.of(Json.text(model, "tokenizer_path")),
                "",
                new ModelShape(context, Integer.MAX_VALUE, 0, 0, 0, 0));
        long nominal = (long) context * options.handles();
        ActivationCapabilities capabilities = new ActivationCapabilities(
                "SGLang " + Json.text(info, "version"),
                Set.copyOf(List.of(options.caches().keys(), options.caches().values())),
                options.caches(),
                Math.clamp(info.path("max_total_num_tokens").asLong(nominal), 0, Integer.MAX_VALUE),
                context - 1,
                options.handles(),
                Set.of(),
                adapters.support());
        return new SglangServer(
                connection,
                new Model(Json.text(entry, "id"), options.salt(), identity, capabilities),
                adapters,
                takes(schemas, "TokenizeRequest", "messages"));
    }

    @Override
    int[] encode(String text, boolean start, Call call) {
        return connection.tokens("/tokenize", named().put("prompt", text).put("add_special_tokens", start), call);
    }

    @Override
    int[] encode(List<ChatTurn> turns, Call call) {
        if (!takesConversations) {
            throw Failures.unsupported(
                    "This SGLang does not say that it tokenizes conversations.",
                    "Use a newer build, do not switch its /openapi.json off, or tokenize what the template writes.");
        }
        ObjectNode body = named().put("add_special_tokens", false);
        body.set("messages", Json.messages(turns));
        return Json.tokens(connection
                .failures()
                .ofTemplate(() -> connection.post("/tokenize", body, call))
                .path("tokens"));
    }

    @Override
    String decode(int[] tokens, Call call) {
        return text(tokens, false, call);
    }

    @Override
    public String detokenize(int[] tokens, Call call) {
        return text(tokens, true, call);
    }

    private String text(int[] tokens, boolean skipControl, Call call) {
        ObjectNode body = withPrompt(named(), "tokens", tokens).put("skip_special_tokens", skipControl);
        return Json.text(connection.post("/detokenize", body, call), "text");
    }

    private ObjectNode named() {
        return Json.object().put("model", model.name());
    }

    private ObjectNode request(Site site, Sampling sampling, int most) {
        ObjectNode body = withPrompt(Json.object(), "input_ids", site.tokens());
        if (!site.adapters().isNone()) {
            body.put("lora_path", ServedAdapters.name(site.adapters()));
        }
        if (!model.salt().isEmpty()) {
            body.put("extra_key", model.salt());
        }
        ObjectNode parameters = body.putObject("sampling_params")
                .put("max_new_tokens", most)
                .put("temperature", sampling.temperature());
        if (sampling.temperature() > 0) {
            parameters
                    .put("top_k", sampling.topK() == 0 ? -1 : sampling.topK())
                    .put("top_p", sampling.topP())
                    .put("min_p", 0)
                    .put("sampling_seed", sampling.seed());
        }
        return body;
    }

    @Override
    public int compute(Site site) {
        ObjectNode body = request(site, Sampling.GREEDY, 1);
        JsonNode answer = adapters.using(site.adapters(), () -> connection.post(GENERATE, body, site.call()));
        int cached = answer.path("meta_info").path("cached_tokens").asInt(0);
        return Math.clamp(cached, 0, site.tokens().length);
    }

    @Override
    public End generate(Site site, Sampling sampling, Continuation continuation) {
        return adapters.using(site.adapters(), () -> stream(site, sampling, continuation));
    }

    private End stream(Site site, Sampling sampling, Continuation continuation) {
        ObjectNode body = request(site, sampling, continuation.room()).put("stream", true);
        Optional<End> end = Optional.empty();
        int tokensSeen = 0;
        int textSeen = 0;
        try (Exchange answer = connection.stream(GENERATE, body, site.call())) {
            for (Optional<JsonNode> event = answer.event(); event.isPresent(); event = answer.event()) {
                connection.failures().requireSound(GENERATE, event.get());
                int[] named = Json.tokens(event.get().path("output_ids"));
                String text = Json.text(event.get(), "text");
                JsonNode meta = event.get().path("meta_info");
                // Each event repeats all before, unless the server was started with --incremental-streaming-output.
                if (named.length == meta.path("completion_tokens").asInt(named.length)) {
                    int from = Math.min(tokensSeen, named.length);
                    tokensSeen = named.length;
                    named = Arrays.copyOfRange(named, from, named.length);
                    int textFrom = Math.min(textSeen, text.length());
                    textSeen = text.length();
                    text = text.substring(textFrom);
                }
                end = take(continuation, named, text, end(meta.path("finish_reason")));
                if (end.equals(Optional.of(End.CANCELLED))) {
                    return End.CANCELLED;
                }
            }
        }
        return end.orElseThrow(() -> connection.failures().broken(GENERATE, "the stream ends before its last event"));
    }

    private Optional<End> end(JsonNode reason) {
        return switch (Json.text(reason, "type")) {
            case "" -> Optional.empty();
            case "stop" -> Optional.of(End.STOP);
            case "length" -> Optional.of(End.LENGTH);
            default ->
                throw connection
                        .failures()
                        .status(GENERATE, reason.path("status_code").asInt(500), reason.toString());
        };
    }
}
