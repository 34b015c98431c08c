package io.memos4j.runtime.http;

import io.memos4j.internal.Sha256Hash;
import io.memos4j.spi.ChatTurn;
import io.memos4j.spi.runtime.ActivationCapabilities;
import io.memos4j.spi.runtime.GenerationOptions.Sampling;
import io.memos4j.spi.runtime.GenerationResult.FinishReason;
import io.memos4j.spi.runtime.ModelIdentity;
import io.memos4j.spi.runtime.ModelShape;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Uses SGLang, in a build with {@code /tokenize} (since 2025). It honors sampling seeds only if it was started with
 * {@code --enable-deterministic-inference}.
 */
final class SglangServer extends PrefixCachingServer {
    private static final String GENERATE = "/generate";
    private static final String SCHEMA = "GenerateReqInput";

    private final boolean takesConversations;

    private SglangServer(
            InferenceServerClient connection,
            ServedModel model,
            DynamicLoraAdapters adapters,
            boolean takesConversations) {
        super(connection, model, adapters);
        this.takesConversations = takesConversations;
    }

    static SglangServer open(InferenceServerClient connection, HttpRuntimeOptions options) {
        JsonNode entry = findModel(connection, options.model());
        int context = contextLength(connection, entry);
        JsonNode schemas = schemas(connection);
        if (!options.salt().isEmpty() && !hasField(schemas, SCHEMA, "extra_key")) {
            throw saltUnsupported("SGLang", "extra_key");
        }
        JsonNode info = connection
                .find("/server_info", new RuntimeCall())
                .or(() -> connection.find("/get_server_info", new RuntimeCall()))
                .orElse(InferenceJson.object());
        JsonNode model = connection
                .find("/model_info", new RuntimeCall())
                .or(() -> connection.find("/get_model_info", new RuntimeCall()))
                .orElse(InferenceJson.object());
        String path = InferenceJson.text(model, "model_path");
        boolean able = info.path("enable_lora").asBoolean(false);
        DynamicLoraAdapters adapters = DynamicLoraAdapters.sglang(connection, path, able);
        ModelIdentity identity = new ModelIdentity(
                Sha256Hash.of("sglang/" + path + "/" + InferenceJson.text(model, "weight_version") + "/" + context),
                InferenceJson.text(model, "model_type"),
                InferenceJson.text(info, "quantization"),
                Sha256Hash.of(InferenceJson.text(model, "tokenizer_path")),
                "",
                new ModelShape(context, Integer.MAX_VALUE, 0, 0, 0, 0));
        long nominal = (long) context * options.handles();
        ActivationCapabilities capabilities = new ActivationCapabilities(
                "SGLang " + InferenceJson.text(info, "version"),
                Set.copyOf(List.of(options.caches().keys(), options.caches().values())),
                options.caches(),
                Math.clamp(info.path("max_total_num_tokens").asLong(nominal), 0, Integer.MAX_VALUE),
                context - 1,
                options.handles(),
                Set.of(),
                adapters.support());
        return new SglangServer(
                connection,
                new ServedModel(InferenceJson.text(entry, "id"), options.salt(), identity, capabilities),
                adapters,
                hasField(schemas, "TokenizeRequest", "messages"));
    }

    @Override
    int[] encode(String text, boolean start, RuntimeCall call) {
        return connection.tokens("/tokenize", named().put("prompt", text).put("add_special_tokens", start), call);
    }

    @Override
    int[] encode(List<ChatTurn> turns, RuntimeCall call) {
        if (!takesConversations) {
            throw RuntimeFailureMapper.unsupported(
                    "This SGLang does not declare that it tokenizes conversations.",
                    "Use a newer build, keep its /openapi.json on, or tokenize rendered text.");
        }
        ObjectNode body = named().put("add_special_tokens", false);
        body.set("messages", InferenceJson.messages(turns));
        return InferenceJson.tokens(connection
                .failures()
                .mapTemplateFailure(() -> connection.post("/tokenize", body, call))
                .path("tokens"));
    }

    @Override
    String decode(int[] tokens, RuntimeCall call) {
        return text(tokens, false, call);
    }

    @Override
    public String detokenize(int[] tokens, RuntimeCall call) {
        return text(tokens, true, call);
    }

    private String text(int[] tokens, boolean skipControl, RuntimeCall call) {
        ObjectNode body = withPrompt(named(), "tokens", tokens).put("skip_special_tokens", skipControl);
        return InferenceJson.text(connection.post("/detokenize", body, call), "text");
    }

    private ObjectNode named() {
        return InferenceJson.object().put("model", model.name());
    }

    private ObjectNode request(PlacedTokens site, Sampling sampling, int most) {
        ObjectNode body = withPrompt(InferenceJson.object(), "input_ids", site.tokens());
        if (!site.adapters().isNone()) {
            body.put("lora_path", DynamicLoraAdapters.name(site.adapters()));
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
    public int compute(PlacedTokens site) {
        ObjectNode body = request(site, Sampling.GREEDY, 1);
        JsonNode answer =
                adapters.callWithAdapters(site.adapters(), () -> connection.post(GENERATE, body, site.call()));
        int cached = answer.path("meta_info").path("cached_tokens").asInt(0);
        return Math.clamp(cached, 0, site.tokens().length);
    }

    @Override
    public FinishReason generate(PlacedTokens site, Sampling sampling, StreamedContinuation continuation) {
        return adapters.callWithAdapters(site.adapters(), () -> stream(site, sampling, continuation));
    }

    private FinishReason stream(PlacedTokens site, Sampling sampling, StreamedContinuation continuation) {
        ObjectNode body =
                request(site, sampling, continuation.remainingTokens()).put("stream", true);
        Optional<FinishReason> end = Optional.empty();
        int tokensSeen = 0;
        int textSeen = 0;
        try (StreamedResponse answer = connection.stream(GENERATE, body, site.call())) {
            for (Optional<JsonNode> event = answer.nextEvent(); event.isPresent(); event = answer.nextEvent()) {
                connection.failures().requireNoError(GENERATE, event.get());
                int[] named = InferenceJson.tokens(event.get().path("output_ids"));
                String text = InferenceJson.text(event.get(), "text");
                JsonNode meta = event.get().path("meta_info");
                // Each event repeats the previous ones, unless the server runs with --incremental-streaming-output.
                if (named.length == meta.path("completion_tokens").asInt(named.length)) {
                    int from = Math.min(tokensSeen, named.length);
                    tokensSeen = named.length;
                    named = Arrays.copyOfRange(named, from, named.length);
                    int textFrom = Math.min(textSeen, text.length());
                    textSeen = text.length();
                    text = text.substring(textFrom);
                }
                end = take(continuation, named, text, end(meta.path("finish_reason")));
                if (end.equals(Optional.of(FinishReason.CANCELLED))) {
                    return FinishReason.CANCELLED;
                }
            }
        }
        return end.orElseThrow(
                () -> connection.failures().unusableAnswer(GENERATE, "the stream ends before its last event"));
    }

    private Optional<FinishReason> end(JsonNode reason) {
        return switch (InferenceJson.text(reason, "type")) {
            case "" -> Optional.empty();
            case "stop" -> Optional.of(FinishReason.STOP);
            case "length" -> Optional.of(FinishReason.LENGTH);
            default ->
                throw connection
                        .failures()
                        .fromStatus(GENERATE, reason.path("status_code").asInt(500), reason.toString());
        };
    }
}
