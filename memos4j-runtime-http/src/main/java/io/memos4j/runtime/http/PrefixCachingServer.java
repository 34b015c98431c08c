package io.memos4j.runtime.http;

import io.memos4j.api.MemoryException;
import io.memos4j.spi.ChatTurn;
import io.memos4j.spi.runtime.ActivationCapabilities;
import io.memos4j.spi.runtime.ActivationManifest;
import io.memos4j.spi.runtime.AdapterFiles;
import io.memos4j.spi.runtime.GenerationResult.FinishReason;
import io.memos4j.spi.runtime.ModelIdentity;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A server that caches prefixes of prompts by itself, for as long as it likes: vLLM and SGLang. A place is just a
 * number; computing a prefix requests one token after it, and the server decides whether the prefix is still cached
 * later.
 *
 * <p>These servers always take names of control tokens in a text for control tokens. So a text is cut after the first
 * character of anything that looks like such a name ({@code <...>} and {@code [...]} without spaces), and its parts are
 * tokenized separately.
 */
abstract class PrefixCachingServer implements InferenceServer {
    private static final Pattern NAME = Pattern.compile("<[^<>\\s]{1,64}>|\\[[^\\[\\]\\s]{1,64}]");
    private static final String REMEDY = "Use llama-server, or llama.cpp in process.";

    final InferenceServerClient connection;
    final ServedModel model;
    final DynamicLoraAdapters adapters;
    private final ServerChatTemplate template = new ServerChatTemplate(this::renderTemplate, this::tokenize);

    /**
     * The model that is served.
     *
     * @param name the model's name in requests
     * @param salt separates the cache of this runtime from others; empty for none
     */
    record ServedModel(String name, String salt, ModelIdentity identity, ActivationCapabilities capabilities) {}

    PrefixCachingServer(InferenceServerClient connection, ServedModel model, DynamicLoraAdapters adapters) {
        this.connection = connection;
        this.model = model;
        this.adapters = adapters;
    }

    /** Tokenizes a text as the server's tokenizer does, control tokens included. */
    abstract int[] encode(String text, boolean start, RuntimeCall call);

    /** Decodes tokens, names of control tokens included. */
    abstract String decode(int[] tokens, RuntimeCall call);

    /** Tokenizes a conversation and the beginning of an answer, with the server's template. */
    abstract int[] encode(List<ChatTurn> turns, RuntimeCall call);

    @Override
    public ActivationCapabilities capabilities() {
        return model.capabilities();
    }

    @Override
    public ModelIdentity model() {
        return model.identity();
    }

    @Override
    public boolean sharesPrefixes() {
        return true;
    }

    @Override
    public int[] tokenize(String text, boolean start, boolean control, RuntimeCall call) {
        if (control) {
            return encode(text, start, call);
        }
        List<int[]> parts = new ArrayList<>();
        Matcher name = NAME.matcher(text);
        int from = 0;
        while (name.find()) {
            parts.add(encode(text.substring(from, name.start() + 1), start && from == 0, call));
            from = name.start() + 1;
        }
        if (from == 0 || from < text.length()) {
            parts.add(encode(text.substring(from), start && from == 0, call));
        }
        return parts.stream().flatMapToInt(IntStream::of).toArray();
    }

    @Override
    public int[] tokenize(List<ChatTurn> conversation, boolean answerNext, RuntimeCall call) {
        return template.tokenize(conversation, answerNext, call);
    }

    private String renderTemplate(List<ChatTurn> turns, RuntimeCall call) {
        return decode(encode(turns, call), call);
    }

    @Override
    public int share(PlacedTokens site, int target) {
        return site.tokens().length;
    }

    @Override
    public void release(int place, RuntimeCall call) {
        // The server decides what it keeps; it cannot forget a single prefix.
    }

    @Override
    public void load(AdapterFiles adapter, RuntimeCall call) {
        adapters.load(adapter, call);
    }

    @Override
    public void unload(String hash, RuntimeCall call) {
        adapters.unload(hash, call);
    }

    @Override
    public ActivationManifest save(PlacedTokens site, int[] all, Path file) {
        throw RuntimeFailureMapper.unsupported(
                "Handles of this server cannot be saved: it keeps its cache to itself.", REMEDY);
    }

    @Override
    public int[] restore(int place, Path file, RuntimeCall call) {
        throw RuntimeFailureMapper.unsupported(
                "This server restores nothing from files: it keeps its cache to itself.", REMEDY);
    }

    /** Adds the tokens of one event, and returns the reason if the generation ended with it. */
    static Optional<FinishReason> take(
            StreamedContinuation continuation, int[] named, String text, Optional<FinishReason> end) {
        boolean stopped = end.equals(Optional.of(FinishReason.STOP));
        int[] kept = stopped && named.length > 0 ? Arrays.copyOf(named, named.length - 1) : named;
        if (!continuation.append(kept, text)) {
            return Optional.of(FinishReason.CANCELLED);
        }
        if (stopped && named.length == 0) {
            continuation.dropEndToken();
        }
        return end;
    }

    /** The schemas of requests as the server describes them; missing if it does not. */
    static JsonNode schemas(InferenceServerClient connection) {
        return connection
                .find("/openapi.json", new RuntimeCall())
                .orElse(InferenceJson.object())
                .path("components")
                .path("schemas");
    }

    /** The context length in the entry of a model. */
    static int contextLength(InferenceServerClient connection, JsonNode entry) {
        int context = entry.path("max_model_len").asInt(0);
        if (context < 2) {
            throw connection.failures().unusableAnswer("/v1/models", "it names no max_model_len");
        }
        return context;
    }

    /** Creates the failure for a build that cannot separate caches by a salt. */
    static MemoryException saltUnsupported(String server, String field) {
        return RuntimeFailureMapper.unsupported(
                "This " + server + " does not declare " + field + ", so caches cannot be kept apart.",
                "Use a newer build, keep its /openapi.json on, or leave the salt out.");
    }

    /** Tells whether the schema of a request has a field. */
    static boolean hasField(JsonNode schemas, String request, String field) {
        return schemas.path(request).path("properties").has(field);
    }

    /** Finds the model that the options name, or the first. */
    static JsonNode findModel(InferenceServerClient connection, String name) {
        JsonNode models = connection.get("/v1/models", new RuntimeCall()).path("data");
        return models.valueStream()
                .filter(each -> name.isEmpty() || InferenceJson.text(each, "id").equals(name))
                .findFirst()
                .orElseThrow(() -> RuntimeFailureMapper.unsupported(
                        name.isEmpty() ? "The server has no model." : "The server has no model " + name + ".",
                        "It has: "
                                + models.valueStream()
                                        .map(each -> InferenceJson.text(each, "id"))
                                        .toList()
                                + "."));
    }

    static ObjectNode withPrompt(ObjectNode body, String field, int[] tokens) {
        body.set(field, InferenceJson.tokens(tokens));
        return body;
    }
}
