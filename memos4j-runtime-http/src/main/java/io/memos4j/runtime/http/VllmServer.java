package io.memos4j.runtime.http;

import io.memos4j.internal.Sha256Hash;
import io.memos4j.spi.ChatTurn;
import io.memos4j.spi.runtime.ActivationCapabilities;
import io.memos4j.spi.runtime.GenerationOptions.Sampling;
import io.memos4j.spi.runtime.GenerationResult.FinishReason;
import io.memos4j.spi.runtime.ModelIdentity;
import io.memos4j.spi.runtime.ModelShape;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Uses vLLM. It caches prefixes in blocks, of 16 tokens by default: tokens beyond whole blocks are computed again.
 *
 * <p>It reports cached tokens only if it was started with {@code --enable-prompt-tokens-details}; otherwise all tokens
 * count as computed.
 */
final class VllmServer extends PrefixCachingServer {
    private static final String COMPLETIONS = "/v1/completions";
    private static final String SCHEMA = "CompletionRequest";
    private static final String TOKEN_PREFIX = "token_id:";

    /** False for builds before mid-2025, which name tokens only among their log probabilities. */
    private final boolean namesTokens;

    private VllmServer(
            InferenceServerClient connection, ServedModel model, DynamicLoraAdapters adapters, boolean namesTokens) {
        super(connection, model, adapters);
        this.namesTokens = namesTokens;
    }

    static VllmServer open(InferenceServerClient connection, HttpRuntimeOptions options) {
        JsonNode entry = findModel(connection, options.model());
        int context = contextLength(connection, entry);
        JsonNode schemas = schemas(connection);
        if (!options.salt().isEmpty() && !hasField(schemas, SCHEMA, "cache_salt")) {
            throw saltUnsupported("vLLM", "cache_salt");
        }
        DynamicLoraAdapters adapters = DynamicLoraAdapters.vllm(connection, InferenceJson.text(entry, "root"));
        String version = InferenceJson.text(connection.get("/version", new RuntimeCall()), "version");
        String name = InferenceJson.text(entry, "id");
        // vLLM reports the repository or folder of the weights as root, and nothing else that distinguishes models.
        ModelIdentity identity = new ModelIdentity(
                Sha256Hash.of("vllm/" + InferenceJson.text(entry, "root") + "/" + name + "/" + context),
                "",
                "",
                Sha256Hash.of(InferenceJson.text(entry, "root")),
                "",
                new ModelShape(context, Integer.MAX_VALUE, 0, 0, 0, 0));
        ActivationCapabilities capabilities = new ActivationCapabilities(
                "vLLM " + version,
                Set.copyOf(List.of(options.caches().keys(), options.caches().values())),
                options.caches(),
                Math.clamp((long) context * options.handles(), 0, Integer.MAX_VALUE),
                context - 1,
                options.handles(),
                Set.of(),
                adapters.support());
        boolean old = hasField(schemas, SCHEMA, "return_tokens_as_token_ids")
                && !hasField(schemas, SCHEMA, "return_token_ids");
        return new VllmServer(
                connection, new ServedModel(name, options.salt(), identity, capabilities), adapters, !old);
    }

    @Override
    int[] encode(String text, boolean start, RuntimeCall call) {
        return connection.tokens("/tokenize", named().put("prompt", text).put("add_special_tokens", start), call);
    }

    @Override
    int[] encode(List<ChatTurn> turns, RuntimeCall call) {
        ObjectNode body = named().put("add_generation_prompt", true).put("add_special_tokens", false);
        body.set("messages", InferenceJson.messages(turns));
        return InferenceJson.tokens(connection
                .failures()
                .mapTemplateFailure(() -> connection.post("/tokenize", body, call))
                .path("tokens"));
    }

    @Override
    String decode(int[] tokens, RuntimeCall call) {
        return InferenceJson.text(
                connection.post("/detokenize", withPrompt(named(), "tokens", tokens), call), "prompt");
    }

    /** Decodes tokens; vLLM cannot leave out the names of control tokens. */
    @Override
    public String detokenize(int[] tokens, RuntimeCall call) {
        return decode(tokens, call);
    }

    private ObjectNode named() {
        return InferenceJson.object().put("model", model.name());
    }

    private ObjectNode request(PlacedTokens site, int most) {
        ObjectNode body = withPrompt(named(), "prompt", site.tokens()).put("max_tokens", most);
        if (!site.adapters().isNone()) {
            body.put("model", DynamicLoraAdapters.name(site.adapters()));
        }
        // The model's own defaults would apply to missing parameters.
        body.put("min_p", 0)
                .put("repetition_penalty", 1)
                .put("presence_penalty", 0)
                .put("frequency_penalty", 0);
        if (!model.salt().isEmpty()) {
            body.put("cache_salt", model.salt());
        }
        return body;
    }

    @Override
    public int compute(PlacedTokens site) {
        int total = site.tokens().length;
        ObjectNode body = request(site, 1).put("temperature", 0);
        JsonNode answer =
                adapters.callWithAdapters(site.adapters(), () -> connection.post(COMPLETIONS, body, site.call()));
        JsonNode cached = answer.path("usage").path("prompt_tokens_details").path("cached_tokens");
        return Math.clamp(cached.asInt(0), 0, total);
    }

    @Override
    public FinishReason generate(PlacedTokens site, Sampling sampling, StreamedContinuation continuation) {
        return adapters.callWithAdapters(site.adapters(), () -> stream(site, sampling, continuation));
    }

    private FinishReason stream(PlacedTokens site, Sampling sampling, StreamedContinuation continuation) {
        ObjectNode body = request(site, continuation.remainingTokens())
                .put("stream", true)
                .put("temperature", sampling.temperature())
                .put("top_k", sampling.topK())
                .put("top_p", sampling.topP())
                .put("seed", sampling.seed());
        if (namesTokens) {
            body.put("return_token_ids", true);
        } else {
            body.put("return_tokens_as_token_ids", true).put("logprobs", 0);
        }
        Optional<FinishReason> end = Optional.empty();
        try (StreamedResponse answer = connection.stream(COMPLETIONS, body, site.call())) {
            for (Optional<JsonNode> event = answer.nextEvent(); event.isPresent(); event = answer.nextEvent()) {
                connection.failures().requireNoError(COMPLETIONS, event.get());
                JsonNode choice = event.get().path("choices").path(0);
                if (choice.isMissingNode() || end.isPresent()) {
                    continue;
                }
                end = take(continuation, tokens(choice), InferenceJson.text(choice, "text"), end(choice));
                if (end.equals(Optional.of(FinishReason.CANCELLED))) {
                    return FinishReason.CANCELLED;
                }
            }
        }
        return end.orElseThrow(
                () -> connection.failures().unusableAnswer(COMPLETIONS, "the stream ends before its last event"));
    }

    private int[] tokens(JsonNode choice) {
        if (namesTokens && choice.path("token_ids").isArray()) {
            return InferenceJson.tokens(choice.path("token_ids"));
        }
        JsonNode names = choice.path("logprobs").path("tokens");
        if (namesTokens || !names.isArray()) {
            throw RuntimeFailureMapper.unsupported(
                    "This vLLM does not name the tokens that it generates.", "Use a newer build.");
        }
        return names.valueStream()
                .mapToInt(name -> Integer.parseInt(name.asString().substring(TOKEN_PREFIX.length())))
                .toArray();
    }

    private static Optional<FinishReason> end(JsonNode choice) {
        return switch (InferenceJson.text(choice, "finish_reason")) {
            case "" -> Optional.empty();
            case "stop" -> Optional.of(FinishReason.STOP);
            default -> Optional.of(FinishReason.LENGTH);
        };
    }
}
