package io.memos4j.runtime.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A llama-server that behaves like build 0.5.0: slots with contents and their reuse, a stub for a slot that holds
 * nothing, streams that do not name the tokens of incomplete characters but name the one that ends the text.
 *
 * <p>With adapters: a slot is emptied when a request has other adapters than the previous one, unknown numbers are
 * ignored, and the contents of a slot continue with the adapters that they were computed with.
 */
final class ScriptedLlamaServer extends ScriptedInferenceServer {
    static final int CONTEXT = 2_048;

    private static final int STUB = 624;
    private static final int BYTES_PER_TOKEN = 100;
    private static final int MAGIC = 0x67677371;

    /**
     * The contents of a slot.
     *
     * @param mixes the mix that each token was computed with; 0 is the model without adapters
     */
    private record Contents(int[] tokens, int[] mixes) {
        static final Contents NONE = new Contents(new int[0], new int[0]);

        Contents plus(int token, int mix) {
            return new Contents(ToyModel.plus(tokens, token), ToyModel.plus(mixes, mix));
        }

        Contents from(int from) {
            return new Contents(
                    Arrays.copyOfRange(tokens, from, tokens.length), Arrays.copyOfRange(mixes, from, mixes.length));
        }

        /** The input of the next token. */
        int[] computed() {
            int[] computed = tokens.clone();
            Arrays.setAll(computed, i -> computed[i] ^ mixes[i]);
            return computed;
        }
    }

    private final Contents[] slots;
    private final List<Map<Integer, Double>> lastScales = new ArrayList<>();
    private final List<Contents> memory = new ArrayList<>();
    private volatile List<String> adapters = List.of();
    private volatile boolean keepsInMemory;
    private final Optional<Path> folder;
    private volatile boolean emptiesSlots;

    ScriptedLlamaServer(int slots, Optional<Path> folder) {
        this.slots = new Contents[slots];
        this.folder = folder;
        startWith();
    }

    /** Restarts it with these adapter files, which it applies to requests that name none. */
    void startWith(String... paths) {
        synchronized (slots) {
            Arrays.fill(slots, Contents.NONE);
            memory.clear();
            lastScales.clear();
            lastScales.addAll(Collections.nCopies(slots.length, Map.of()));
            adapters = List.of(paths);
        }
    }

    /** Copies slots into memory from now on, where only tokens are compared, as with {@code --cache-ram}. */
    void keepInMemory() {
        keepsInMemory = true;
    }

    @Override
    HttpRuntimeOptions options() {
        return folder.map(path -> super.options().slotFolder(path)).orElseGet(super::options);
    }

    /** Empties idle slots from now on, as a unified cache does. */
    void emptySlots() {
        emptiesSlots = true;
    }

    /** The tokens of a slot. */
    int[] slot(int id) {
        synchronized (slots) {
            return slots[id].tokens.clone();
        }
    }

    @Override
    Reply answer(Request request) throws IOException {
        JsonNode body = request.body();
        return switch (request.path()) {
            case "/props" -> whole(props());
            case "/v1/models" -> whole(models());
            case "/tokenize" ->
                tokens(ToyModel.tokenize(
                        body.path("content").asString(),
                        body.path("add_special").asBoolean(false),
                        body.path("parse_special").asBoolean(true)));
            case "/detokenize" ->
                whole(InferenceJson.object()
                        .put("content", ToyModel.text(InferenceJson.tokens(body.path("tokens")), false)));
            case "/apply-template" ->
                whole(InferenceJson.object().put("prompt", ToyModel.template(body.path("messages"), true)));
            case "/lora-adapters" -> whole(listed());
            case "/completion" -> completion(body);
            default -> request.path().startsWith("/slots/") ? slotAction(request) : error(404, "File Not Found");
        };
    }

    private ArrayNode listed() {
        ArrayNode list = InferenceJson.MAPPER.createArrayNode();
        List<String> paths = adapters;
        for (int i = 0; i < paths.size(); i++) {
            list.addObject().put("id", i).put("path", paths.get(i)).put("scale", 1.0);
        }
        return list;
    }

    private Map<Integer, Double> scales(JsonNode body) {
        Map<Integer, Double> scales = new TreeMap<>();
        for (int i = 0; i < adapters.size(); i++) {
            scales.put(i, body.path("lora").isEmpty() ? 1.0 : 0.0);
        }
        body.path("lora")
                .forEach(each -> scales.computeIfPresent(
                        each.path("id").asInt(), (id, any) -> each.path("scale").asDouble()));
        return scales;
    }

    private static Reply tokens(int[] tokens) {
        ObjectNode answer = InferenceJson.object();
        answer.set("tokens", InferenceJson.tokens(tokens));
        return whole(answer);
    }

    private ObjectNode props() {
        ObjectNode props = InferenceJson.object()
                .put("total_slots", slots.length)
                .put("model_path", "/models/toy.gguf")
                .put("model_ftype", "F16")
                .put("build_info", "b1-toy")
                .put("chat_template", "chatml")
                .put("bos_token", "<s>")
                .put("eos_token", "</s>");
        props.putObject("default_generation_settings").put("n_ctx", CONTEXT);
        return props;
    }

    private static ObjectNode models() {
        ObjectNode models = InferenceJson.object();
        models.putArray("data")
                .addObject()
                .put("id", "toy")
                .put("owned_by", "llamacpp")
                .putObject("meta")
                .put("vocab_type", 1)
                .put("n_vocab", ToyModel.VOCABULARY)
                .put("n_ctx_train", CONTEXT)
                .put("n_embd", 8)
                .put("n_params", 1_000)
                .put("size", 4_000);
        return models;
    }

    /** Hashes a request's adapters by their numbers and file names: folders of tests have random names. */
    private int mix(JsonNode body) {
        StringBuilder mix = new StringBuilder();
        scales(body)
                .forEach((id, scale) -> mix.append(
                        scale == 0 ? "" : id + " " + Path.of(adapters.get(id)).getFileName() + "*" + scale + " "));
        return mix.isEmpty() ? 0 : mix.toString().hashCode();
    }

    /** Puts a prompt into its slot and returns how many of its tokens were computed for that. */
    private int compute(JsonNode body, int[] prompt) {
        int id = body.path("id_slot").asInt();
        synchronized (slots) {
            if (keepsInMemory) {
                lookIntoMemory(id, prompt);
            }
            Map<Integer, Double> scales = scales(body);
            if (!lastScales.set(id, scales).equals(scales)) {
                slots[id] = Contents.NONE;
            }
            int reused = body.path("cache_prompt").asBoolean(true) ? ToyModel.common(slots[id].tokens, prompt) : 0;
            int[] mixes = Arrays.copyOf(slots[id].mixes, prompt.length);
            Arrays.fill(mixes, reused, prompt.length, mix(body));
            slots[id] = new Contents(prompt.clone(), mixes);
            return prompt.length - Math.min(reused, prompt.length - 1);
        }
    }

    /** Copies all slots; the copy most similar to the prompt returns if the slot would lose most of its contents. */
    private void lookIntoMemory(int id, int[] prompt) {
        memory.addAll(List.of(slots));
        int own = ToyModel.common(slots[id].tokens, prompt);
        if (own * 2 < slots[id].tokens.length) {
            memory.stream()
                    .filter(each -> ToyModel.common(each.tokens, prompt) > own)
                    .max(Comparator.comparing(each -> ToyModel.common(each.tokens, prompt)))
                    .ifPresent(best -> slots[id] = best);
        }
    }

    private Contents contents(int id) {
        synchronized (slots) {
            return slots[id];
        }
    }

    private void hold(int id, Contents contents) {
        synchronized (slots) {
            slots[id] = emptiesSlots ? Contents.NONE : contents;
        }
    }

    private Reply completion(JsonNode body) {
        int[] prompt = InferenceJson.tokens(body.path("prompt"));
        if (prompt.length >= CONTEXT) {
            return error(400, "request exceeds the available context size");
        }
        int computed = compute(body, prompt);
        int most = body.path("n_predict").asInt();
        if (body.path("stream").asBoolean(false)) {
            return new Reply.Events(target -> stream(body, prompt.length, computed, target));
        }
        int id = body.path("id_slot").asInt();
        Contents all = contents(id);
        boolean ended = false;
        while (!ended && all.tokens.length < prompt.length + most) {
            int token = next(body, all);
            all = all.plus(token, mix(body));
            ended = token == ToyModel.END;
        }
        hold(id, all);
        int[] named = all.from(prompt.length).tokens;
        ObjectNode last = last(ended, named.length, computed).put("content", ToyModel.text(named, false));
        last.set("tokens", InferenceJson.tokens(named));
        return whole(last);
    }

    private static int next(JsonNode body, Contents contents) {
        return ToyModel.next(
                contents.computed(),
                body.path("top_k").asInt() == 1 ? 0 : body.path("seed").asLong());
    }

    private static ObjectNode last(boolean ended, int predicted, int computed) {
        ObjectNode last = InferenceJson.object()
                .put("stop", true)
                .put("stop_type", ended ? "eos" : "limit")
                .put("truncated", false)
                .put("tokens_predicted", predicted)
                .put("content", "");
        last.putArray("tokens");
        last.putObject("timings").put("prompt_n", computed);
        return last;
    }

    private void stream(JsonNode body, int prompt, int computed, EventTarget target) throws IOException {
        int id = body.path("id_slot").asInt();
        Contents all = contents(id);
        List<Integer> pending = new ArrayList<>();
        boolean ended = false;
        int most = body.path("n_predict").asInt();
        while (!ended && all.tokens.length < prompt + most) {
            int token = next(body, all);
            all = all.plus(token, mix(body));
            ended = token == ToyModel.END;
            pending.add(token);
            byte[] bytes =
                    ToyModel.bytes(pending.stream().mapToInt(Integer::intValue).toArray(), false);
            if (!ToyModel.incomplete(bytes)) {
                ObjectNode event = InferenceJson.object()
                        .put("content", new String(bytes, StandardCharsets.UTF_8))
                        .put("stop", false)
                        .put("tokens_predicted", all.tokens.length - prompt);
                event.putArray("tokens").add(token);
                pending.clear();
                target.event(event.toString());
            }
        }
        hold(id, all);
        target.event(last(ended, all.tokens.length - prompt, computed).toString());
    }

    private Reply slotAction(Request request) throws IOException {
        if (folder.isEmpty()) {
            return error(501, "This server does not support slots action. Start it with `--slot-save-path`");
        }
        int id = Integer.parseInt(request.path().substring("/slots/".length()));
        Path file = folder.get().resolve(request.body().path("filename").asString("none"));
        return switch (request.query()) {
            case "action=erase" -> {
                int erased = slot(id).length;
                hold(id, Contents.NONE);
                yield whole(InferenceJson.object().put("id_slot", id).put("n_erased", erased));
            }
            case "action=save" -> {
                Contents contents = contents(id);
                Files.write(file, state(contents));
                yield whole(InferenceJson.object()
                        .put("n_saved", contents.tokens.length)
                        .put("n_written", Files.size(file)));
            }
            default -> restore(id, Files.readAllBytes(file));
        };
    }

    private static byte[] state(Contents contents) {
        int[] tokens = contents.tokens;
        ByteBuffer bytes = ByteBuffer.allocate(tokens.length == 0 ? STUB : 8 + tokens.length * (4 + BYTES_PER_TOKEN));
        bytes.putInt(MAGIC).putInt(tokens.length);
        bytes.asIntBuffer().put(tokens).put(contents.mixes);
        return bytes.array();
    }

    private Reply restore(int id, byte[] state) {
        ByteBuffer bytes = ByteBuffer.wrap(state);
        if (state.length < 8 || bytes.getInt() != MAGIC) {
            hold(id, Contents.NONE);
            return error(400, "Unable to restore slot");
        }
        int[] tokens = new int[bytes.getInt()];
        int[] mixes = new int[tokens.length];
        bytes.asIntBuffer().get(tokens).get(mixes);
        hold(id, new Contents(tokens, mixes));
        return whole(InferenceJson.object().put("n_restored", tokens.length));
    }
}
