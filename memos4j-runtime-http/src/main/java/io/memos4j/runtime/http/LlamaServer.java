package io.memos4j.runtime.http;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.spi.ChatTurn;
import io.memos4j.spi.runtime.ActivationCapabilities;
import io.memos4j.spi.runtime.ActivationManifest;
import io.memos4j.spi.runtime.AdapterFiles;
import io.memos4j.spi.runtime.AdapterMix;
import io.memos4j.spi.runtime.GenerationOptions.Sampling;
import io.memos4j.spi.runtime.GenerationResult.FinishReason;
import io.memos4j.spi.runtime.ModelIdentity;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Uses llama-server: a place is one of its slots.
 *
 * <p>A slot keeps the tokens of its last request; the server compares and computes the new ones. It cannot share a
 * slot, so a fork gets its own: copied through the slot folder, or computed again without one.
 */
final class LlamaServer implements InferenceServer {
    private static final String COMPLETION = "/completion";

    /** A seed that llama-server takes for "random". */
    private static final int RANDOM_SEED = -1;

    private static final int SEED_STEP = 0x9E3779B9;
    private static final int[] ANY_TOKEN = {0};

    private final InferenceServerClient connection;
    private final LlamaServerModel model;
    private final Optional<SlotFileExchange> folder;
    private final LlamaServerAdapters adapters;
    private final SlotContentTracker contents = new SlotContentTracker();
    private final ServerChatTemplate template = new ServerChatTemplate(this::renderTemplate, this::tokenize);

    private LlamaServer(InferenceServerClient connection, LlamaServerModel model, Optional<SlotFileExchange> folder) {
        this.connection = connection;
        this.model = model;
        this.folder = folder;
        this.adapters = LlamaServerAdapters.open(connection);
    }

    static LlamaServer open(InferenceServerClient connection, HttpRuntimeOptions options) {
        LlamaServerModel model = LlamaServerModel.read(connection, options);
        return new LlamaServer(
                connection, model, options.slotFolder().map(path -> new SlotFileExchange(path, connection, model)));
    }

    @Override
    public ActivationCapabilities capabilities() {
        return model.with(adapters.support());
    }

    @Override
    public ModelIdentity model() {
        return model.identity();
    }

    @Override
    public boolean sharesPrefixes() {
        return false;
    }

    @Override
    public int[] tokenize(String text, boolean start, boolean control, RuntimeCall call) {
        ObjectNode body = InferenceJson.object()
                .put("content", text)
                .put("add_special", start)
                .put("parse_special", control);
        return connection.tokens("/tokenize", body, call);
    }

    @Override
    public int[] tokenize(List<ChatTurn> conversation, boolean answerNext, RuntimeCall call) {
        return template.tokenize(conversation, answerNext, call);
    }

    private String renderTemplate(List<ChatTurn> turns, RuntimeCall call) {
        ObjectNode body = InferenceJson.object();
        body.set("messages", InferenceJson.messages(turns));
        return InferenceJson.text(
                connection.failures().mapTemplateFailure(() -> connection.post("/apply-template", body, call)),
                "prompt");
    }

    @Override
    public String detokenize(int[] tokens, RuntimeCall call) {
        ObjectNode body = InferenceJson.object();
        body.set("tokens", InferenceJson.tokens(tokens));
        return InferenceJson.text(connection.post("/detokenize", body, call), "content");
    }

    @Override
    public int compute(PlacedTokens site) {
        ObjectNode body = request(site).put("n_predict", 0);
        body.putArray("response_fields").add("timings").add("truncated").add("stop_type");
        int total = site.tokens().length;
        int computed = computed(connection.post(COMPLETION, body, site.call()), total);
        contents.noteHeld(site, 0);
        return total - computed;
    }

    private int computed(JsonNode answer, int most) {
        if (answer.path("truncated").asBoolean(false)) {
            throw new MemoryException(
                    ErrorCode.CONTEXT_FULL,
                    "The server dropped tokens for lack of space. Start it with a larger context, or close handles.");
        }
        return Math.clamp(answer.path("timings").path("prompt_n").asInt(most), 0, most);
    }

    /** Builds a request. Until its outcome is noted, the contents of the slot are unknown. */
    private ObjectNode request(PlacedTokens site) {
        ObjectNode body = InferenceJson.object().put("id_slot", site.place());
        adapters.scales(site.adapters(), site.call()).ifPresent(scales -> body.set("lora", scales));
        body.put("cache_prompt", !adapters.hasAdapters() || contents.isReusable(site));
        body.set("prompt", InferenceJson.tokens(site.tokens()));
        contents.noteChanging(site);
        return body;
    }

    @Override
    public int share(PlacedTokens site, int target) {
        if (folder.isPresent()) {
            compute(site);
            prepareSlot(site.place(target));
            folder.get().copy(site, target);
            contents.noteHeld(site.place(target), 0);
            return site.tokens().length;
        }
        return compute(site.place(target));
    }

    /**
     * Assigns a slot to these adapters before it is filled through the folder; otherwise the next request would empty
     * it.
     */
    private void prepareSlot(PlacedTokens site) {
        if (adapters.hasAdapters() && !contents.hasMix(site.place(), site.adapters())) {
            compute(site.tokens(ANY_TOKEN));
        }
    }

    /**
     * Streams, and requests again what the stream leaves out: it does not name tokens that are part of an incomplete
     * character, which the count in each event reveals. They are generated once more by a call that names all of its
     * tokens.
     */
    @Override
    public FinishReason generate(PlacedTokens site, Sampling sampling, StreamedContinuation continuation) {
        GenerationEnd ended = stream(site, sampling, continuation);
        while (ended.unnamed > 0) {
            ObjectNode again = generation(site, sampling, continuation);
            ended = generateWhole(
                    again.put("n_predict", Math.min(ended.unnamed, continuation.remainingTokens())),
                    site,
                    continuation);
            noteContents(site, continuation, ended);
            if (ended.end == FinishReason.LENGTH && continuation.remainingTokens() > 0) {
                ended = stream(site, sampling, continuation);
            }
        }
        return ended.end;
    }

    private GenerationEnd stream(PlacedTokens site, Sampling sampling, StreamedContinuation continuation) {
        GenerationEnd ended = stream(generation(site, sampling, continuation), site.call(), continuation);
        noteContents(site, continuation, ended);
        return ended;
    }

    /** Notes the contents of the slot. A cancelled server may have generated more tokens before it stopped. */
    private void noteContents(PlacedTokens site, StreamedContinuation continuation, GenerationEnd ended) {
        boolean whole = ended.unnamed == 0 && ended.end != FinishReason.CANCELLED;
        contents.noteHeld(withContinuation(site, continuation), whole ? 0 : continuation.remainingTokens());
    }

    private static PlacedTokens withContinuation(PlacedTokens site, StreamedContinuation continuation) {
        return site.tokens(InferenceJson.concatenate(site.tokens(), continuation.tokens()));
    }

    /**
     * The end of a generation call.
     *
     * @param unnamed the tokens since the last named one; if there are any, the generation has not ended
     */
    private record GenerationEnd(FinishReason end, int unnamed) {}

    private GenerationEnd stream(ObjectNode body, RuntimeCall call, StreamedContinuation continuation) {
        int seen = 0;
        Optional<JsonNode> last = Optional.empty();
        try (StreamedResponse answer = connection.stream(COMPLETION, body.put("stream", true), call)) {
            for (Optional<JsonNode> event = answer.nextEvent(); event.isPresent(); event = answer.nextEvent()) {
                JsonNode said = event.get();
                connection.failures().requireNoError(COMPLETION, said);
                if (said.path("stop").asBoolean(false)) {
                    last = event;
                    continue;
                }
                int[] named = InferenceJson.tokens(said.path("tokens"));
                int unnamed = said.path("tokens_predicted").asInt(0) - seen - named.length;
                if (unnamed > 0) {
                    return new GenerationEnd(FinishReason.LENGTH, unnamed + named.length);
                }
                seen += named.length;
                if (!continuation.append(named, InferenceJson.text(said, "content"))) {
                    return new GenerationEnd(FinishReason.CANCELLED, 0);
                }
            }
        }
        JsonNode said = last.orElseThrow(
                () -> connection.failures().unusableAnswer(COMPLETION, "the stream ends before its last event"));
        return ended(said, said.path("tokens_predicted").asInt(0) - seen, continuation);
    }

    private static GenerationEnd ended(JsonNode said, int unnamed, StreamedContinuation continuation) {
        boolean stopped = InferenceJson.text(said, "stop_type").equals("eos");
        if (stopped && unnamed == 0) {
            continuation.dropEndToken();
        }
        return stopped && unnamed <= 1
                ? new GenerationEnd(FinishReason.STOP, 0)
                : new GenerationEnd(FinishReason.LENGTH, Math.max(0, unnamed));
    }

    private GenerationEnd generateWhole(ObjectNode body, PlacedTokens site, StreamedContinuation continuation) {
        JsonNode answer = connection.post(COMPLETION, body, site.call());
        int[] named = InferenceJson.tokens(answer.path("tokens"));
        if (named.length == 0) {
            throw RuntimeFailureMapper.unsupported(
                    "The server names no tokens (return_tokens).", "Use a build of llama-server of 2025 or later.");
        }
        boolean stopped = InferenceJson.text(answer, "stop_type").equals("eos");
        int[] more = stopped ? Arrays.copyOf(named, named.length - 1) : named;
        if (!continuation.append(more, InferenceJson.text(answer, "content"))) {
            return new GenerationEnd(FinishReason.CANCELLED, 0);
        }
        return new GenerationEnd(stopped ? FinishReason.STOP : FinishReason.LENGTH, 0);
    }

    /** Builds a request for more tokens. Each has a seed of its own, since sampling starts again. */
    private ObjectNode generation(PlacedTokens site, Sampling sampling, StreamedContinuation continuation) {
        ObjectNode body = request(withContinuation(site, continuation))
                .put("return_tokens", true)
                .put("n_predict", continuation.remainingTokens());
        ArrayNode samplers = body.putArray("samplers");
        if (sampling.temperature() == 0) {
            samplers.add("top_k");
            return body.put("top_k", 1);
        }
        samplers.add("top_k").add("top_p").add("temperature");
        int seed = sampling.seed() + SEED_STEP * continuation.length();
        return body.put("temperature", sampling.temperature())
                .put("top_k", sampling.topK())
                .put("top_p", sampling.topP())
                .put("seed", Integer.toUnsignedLong(seed == RANDOM_SEED ? 0 : seed));
    }

    @Override
    public ActivationManifest save(PlacedTokens site, int[] all, Path file) {
        SlotFileExchange slots = requireSlotFolder();
        if (site.tokens().length > 0) {
            compute(site);
        }
        return slots.save(site, all, file);
    }

    @Override
    public int[] restore(int place, Path file, RuntimeCall call) {
        SlotFileExchange slots = requireSlotFolder();
        PlacedTokens site = new PlacedTokens(place, ANY_TOKEN, AdapterMix.NONE, call);
        prepareSlot(site);
        contents.forget(place);
        int[] tokens = slots.restore(place, file, call);
        contents.noteHeld(site.tokens(tokens).withoutLastToken(), 0);
        return tokens;
    }

    @Override
    public void load(AdapterFiles adapter, RuntimeCall call) {
        new AdapterFileChecker(model.path()).gguf(adapter);
        adapters.load(adapter, call);
    }

    @Override
    public void unload(String hash, RuntimeCall call) {
        // Its adapters are fixed at the start; requests scale unwanted ones to 0.
    }

    private SlotFileExchange requireSlotFolder() {
        return folder.orElseThrow(() -> RuntimeFailureMapper.unsupported(
                "Handles of this server cannot be saved: it is not known where it keeps slots.",
                "Start it with --slot-save-path and name the folder in the options."));
    }

    /** Erases the slot. Erasing needs a slot folder; without one, a single token overwrites the slot. */
    @Override
    public void release(int place, RuntimeCall call) {
        contents.forget(place);
        try {
            connection.post("/slots/" + place + "?action=erase", InferenceJson.object(), call);
        } catch (MemoryException e) {
            if (e.code() != ErrorCode.UNSUPPORTED) {
                throw e;
            }
            PlacedTokens site = new PlacedTokens(place, ANY_TOKEN, AdapterMix.NONE, call);
            connection.post(COMPLETION, request(site).put("n_predict", 0).put("cache_prompt", false), call);
        }
    }
}
