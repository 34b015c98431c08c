package io.memos4j.runtime.http;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.spi.ActivationCapabilities;
import io.memos4j.spi.ActivationManifest;
import io.memos4j.spi.AdapterFiles;
import io.memos4j.spi.AdapterMix;
import io.memos4j.spi.ChatTurn;
import io.memos4j.spi.Generation.End;
import io.memos4j.spi.GenerationOptions.Sampling;
import io.memos4j.spi.ModelIdentity;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * llama-server: a place is one of its slots.
 *
 * <p>A slot keeps the tokens of the last request to it; the server compares and computes what is new. It cannot share a slot, so a fork
 * gets a slot of its own: copied through the folder of slots, or computed again where there is none.
 */
final class LlamaServer implements Server {
    private static final String COMPLETION = "/completion";

    /** A seed that llama-server takes for none. */
    private static final int RANDOM_SEED = -1;

    private static final int SEED_STEP = 0x9E3779B9;
    private static final int[] ANY_TOKEN = {0};

    private final Connection connection;
    private final LlamaServerModel model;
    private final Optional<SlotFolder> folder;
    private final LlamaAdapters adapters;
    private final SlotContents contents = new SlotContents();
    private final ChatTemplate template = new ChatTemplate(this::written, this::tokenize);

    private LlamaServer(Connection connection, LlamaServerModel model, Optional<SlotFolder> folder) {
        this.connection = connection;
        this.model = model;
        this.folder = folder;
        this.adapters = LlamaAdapters.open(connection);
    }

    static LlamaServer open(Connection connection, HttpRuntimeOptions options) {
        LlamaServerModel model = LlamaServerModel.read(connection, options);
        return new LlamaServer(
                connection, model, options.slotFolder().map(path -> new SlotFolder(path, connection, model)));
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
    public boolean sharesBeginnings() {
        return false;
    }

    @Override
    public int[] tokenize(String text, boolean start, boolean control, Call call) {
        ObjectNode body =
                Json.object().put("content", text).put("add_special", start).put("parse_special", control);
        return connection.tokens("/tokenize", body, call);
    }

    @Override
    public int[] tokenize(List<ChatTurn> conversation, boolean answerNext, Call call) {
        return template.tokenize(conversation, answerNext, call);
    }

    private String written(List<ChatTurn> turns, Call call) {
        ObjectNode body = Json.object();
        body.set("messages", Json.messages(turns));
        return Json.text(
                connection.failures().ofTemplate(() -> connection.post("/apply-template", body, call)), "prompt");
    }

    @Override
    public String detokenize(int[] tokens, Call call) {
        ObjectNode body = Json.object();
        body.set("tokens", Json.tokens(tokens));
        return Json.text(connection.post("/detokenize", body, call), "content");
    }

    @Override
    public int compute(Site site) {
        ObjectNode body = request(site).put("n_predict", 0);
        body.putArray("response_fields").add("timings").add("truncated").add("stop_type");
        int total = site.tokens().length;
        int computed = computed(connection.post(COMPLETION, body, site.call()), total);
        contents.holds(site, 0);
        return total - computed;
    }

    private int computed(JsonNode answer, int most) {
        if (answer.path("truncated").asBoolean(false)) {
            throw new MemoryException(
                    ErrorCode.CONTEXT_FULL,
                    "The server dropped tokens to make room. Start it with a larger context, or close handles.");
        }
        return Math.clamp(answer.path("timings").path("prompt_n").asInt(most), 0, most);
    }

    /** A call after which it is not known what the slot holds, until that is noted. */
    private ObjectNode request(Site site) {
        ObjectNode body = Json.object().put("id_slot", site.place());
        adapters.scales(site.adapters(), site.call()).ifPresent(scales -> body.set("lora", scales));
        body.put("cache_prompt", !adapters.any() || contents.reusable(site));
        body.set("prompt", Json.tokens(site.tokens()));
        contents.changes(site);
        return body;
    }

    @Override
    public int share(Site site, int target) {
        if (folder.isPresent()) {
            compute(site);
            settle(site.place(target));
            folder.get().copy(site, target);
            contents.holds(site.place(target), 0);
            return site.tokens().length;
        }
        return compute(site.place(target));
    }

    /** Makes a slot one of these adapters before it is filled through the folder; otherwise the next request would empty it. */
    private void settle(Site site) {
        if (adapters.any() && !contents.hasMix(site.place(), site.adapters())) {
            compute(site.tokens(ANY_TOKEN));
        }
    }

    /**
     * Streams, and asks again for what the stream leaves out: it does not name the tokens that are part of an incomplete character. The
     * count in each event tells of them. They are then generated once more by a call that names all of its tokens.
     */
    @Override
    public End generate(Site site, Sampling sampling, Continuation continuation) {
        Ended ended = stream(site, sampling, continuation);
        while (ended.unnamed > 0) {
            ObjectNode again = generation(site, sampling, continuation);
            ended = whole(again.put("n_predict", Math.min(ended.unnamed, continuation.room())), site, continuation);
            note(site, continuation, ended);
            if (ended.end == End.LENGTH && continuation.room() > 0) {
                ended = stream(site, sampling, continuation);
            }
        }
        return ended.end;
    }

    private Ended stream(Site site, Sampling sampling, Continuation continuation) {
        Ended ended = stream(generation(site, sampling, continuation), site.call(), continuation);
        note(site, continuation, ended);
        return ended;
    }

    /** A server that is told to stop may have generated more until it does. */
    private void note(Site site, Continuation continuation, Ended ended) {
        boolean whole = ended.unnamed == 0 && ended.end != End.CANCELLED;
        contents.holds(continued(site, continuation), whole ? 0 : continuation.room());
    }

    private static Site continued(Site site, Continuation continuation) {
        return site.tokens(Json.joined(site.tokens(), continuation.tokens()));
    }

    /**
     * How a call ended.
     *
     * @param unnamed how many tokens came since the last that was named; if there are any, it is not the end
     */
    private record Ended(End end, int unnamed) {}

    private Ended stream(ObjectNode body, Call call, Continuation continuation) {
        int seen = 0;
        Optional<JsonNode> last = Optional.empty();
        try (Exchange answer = connection.stream(COMPLETION, body.put("stream", true), call)) {
            for (Optional<JsonNode> event = answer.event(); event.isPresent(); event = answer.event()) {
                JsonNode said = event.get();
                connection.failures().requireSound(COMPLETION, said);
                if (said.path("stop").asBoolean(false)) {
                    last = event;
                    continue;
                }
                int[] named = Json.tokens(said.path("tokens"));
                int unnamed = said.path("tokens_predicted").asInt(0) - seen - named.length;
                if (unnamed > 0) {
                    return new Ended(End.LENGTH, unnamed + named.length);
                }
                seen += named.length;
                if (!continuation.take(named, Json.text(said, "content"))) {
                    return new Ended(End.CANCELLED, 0);
                }
            }
        }
        JsonNode said = last.orElseThrow(
                () -> connection.failures().broken(COMPLETION, "the stream ends before its last event"));
        return ended(said, said.path("tokens_predicted").asInt(0) - seen, continuation);
    }

    private static Ended ended(JsonNode said, int unnamed, Continuation continuation) {
        boolean stopped = Json.text(said, "stop_type").equals("eos");
        if (stopped && unnamed == 0) {
            continuation.dropEnd();
        }
        return stopped && unnamed <= 1 ? new Ended(End.STOP, 0) : new Ended(End.LENGTH, Math.max(0, unnamed));
    }

    private Ended whole(ObjectNode body, Site site, Continuation continuation) {
        JsonNode answer = connection.post(COMPLETION, body, site.call());
        int[] named = Json.tokens(answer.path("tokens"));
        if (named.length == 0) {
            throw Failures.unsupported(
                    "The server names no tokens (return_tokens).", "Use a build of llama-server of 2025 or later.");
        }
        boolean stopped = Json.text(answer, "stop_type").equals("eos");
        int[] more = stopped ? Arrays.copyOf(named, named.length - 1) : named;
        if (!continuation.take(more, Json.text(answer, "content"))) {
            return new Ended(End.CANCELLED, 0);
        }
        return new Ended(stopped ? End.STOP : End.LENGTH, 0);
    }

    /** A call for more tokens; each with a seed of its own, since it begins to draw anew. */
    private ObjectNode generation(Site site, Sampling sampling, Continuation continuation) {
        ObjectNode body = request(continued(site, continuation))
                .put("return_tokens", true)
                .put("n_predict", continuation.room());
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
    public ActivationManifest save(Site site, int[] all, Path file) {
        SlotFolder slots = slots();
        if (site.tokens().length > 0) {
            compute(site);
        }
        return slots.save(site, all, file);
    }

    @Override
    public int[] restore(int place, Path file, Call call) {
        SlotFolder slots = slots();
        Site site = new Site(place, ANY_TOKEN, AdapterMix.NONE, call);
        settle(site);
        contents.forget(place);
        int[] tokens = slots.restore(place, file, call);
        contents.holds(site.tokens(tokens).beginning(), 0);
        return tokens;
    }

    @Override
    public void load(AdapterFiles adapter, Call call) {
        new AdapterCheck(model.path()).gguf(adapter);
        adapters.load(adapter, call);
    }

    @Override
    public void unload(String hash, Call call) {
        // It has what it was started with; requests leave out what they do not want.
    }

    private SlotFolder slots() {
        return folder.orElseThrow(() -> Failures.unsupported(
                "Handles of this server cannot be saved: it is not known where it keeps slots.",
                "Start it with --slot-save-path and name the folder in the options."));
    }

    /** Erases the slot; where the server was started without a folder for slots, which erasing needs, one token takes its place. */
    @Override
    public void release(int place, Call call) {
        contents.forget(place);
        try {
            connection.post("/slots/" + place + "?action=erase", Json.object(), call);
        } catch (MemoryException e) {
            if (e.code() != ErrorCode.UNSUPPORTED) {
                throw e;
            }
            Site site = new Site(place, ANY_TOKEN, AdapterMix.NONE, call);
            connection.post(COMPLETION, request(site).put("n_predict", 0).put("cache_prompt", false), call);
        }
    }
}
