package io.memos4j.runtime.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * llama-server as build 0.5.0 behaves: slots with contents and their reuse, a stub for a slot that holds nothing, streams that do not name
 * the tokens of incomplete characters and do name the one that ends the text.
 */
final class ScriptedLlamaServer extends ScriptedServer {
    static final int CONTEXT = 2_048;

    private static final int STUB = 624;
    private static final int BYTES_PER_TOKEN = 100;
    private static final int MAGIC = 0x67677371;

    private final int[][] slots;
    private final Optional<Path> folder;
    private volatile boolean emptiesSlots;

    ScriptedLlamaServer(int slots, Optional<Path> folder) {
        this.slots = new int[slots][0];
        this.folder = folder;
    }

    @Override
    HttpRuntimeOptions options() {
        return folder.map(path -> super.options().slotFolder(path)).orElseGet(super::options);
    }

    /** From now on idle slots are emptied, as with a cache that is one for all. */
    void emptySlots() {
        emptiesSlots = true;
    }

    /** What a slot holds. */
    int[] slot(int id) {
        synchronized (slots) {
            return slots[id].clone();
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
                whole(Json.object().put("content", ToyModel.text(Json.tokens(body.path("tokens")), false)));
            case "/apply-template" ->
                whole(Json.object().put("prompt", ToyModel.template(body.path("messages"), true)));
            case "/completion" -> completion(body);
            default -> request.path().startsWith("/slots/") ? slotAction(request) : error(404, "File Not Found");
        };
    }

    private static Reply tokens(int[] tokens) {
        ObjectNode answer = Json.object();
        answer.set("tokens", Json.tokens(tokens));
        return whole(answer);
    }

    private ObjectNode props() {
        ObjectNode props = Json.object()
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
        ObjectNode models = Json.object();
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

    /** Puts a prompt into its slot and returns how many of its tokens were computed for that. */
    private int compute(JsonNode body, int[] prompt) {
        int id = body.path("id_slot").asInt();
        synchronized (slots) {
            int reused = body.path("cache_prompt").asBoolean(true) ? ToyModel.common(slots[id], prompt) : 0;
            slots[id] = prompt.clone();
            return prompt.length - Math.min(reused, prompt.length - 1);
        }
    }

    private void hold(int id, int[] tokens) {
        synchronized (slots) {
            slots[id] = emptiesSlots ? new int[0] : tokens;
        }
    }

    private Reply completion(JsonNode body) {
        int[] prompt = Json.tokens(body.path("prompt"));
        if (prompt.length >= CONTEXT) {
            return error(400, "request exceeds the available context size");
        }
        int computed = compute(body, prompt);
        int most = body.path("n_predict").asInt();
        if (body.path("stream").asBoolean(false)) {
            return new Reply.Events(target -> stream(body, prompt, computed, target));
        }
        int[] all = prompt;
        boolean ended = false;
        while (!ended && all.length < prompt.length + most) {
            all = ToyModel.plus(all, next(body, all));
            ended = all[all.length - 1] == ToyModel.END;
        }
        hold(body.path("id_slot").asInt(), all);
        int[] named = Arrays.copyOfRange(all, prompt.length, all.length);
        ObjectNode last = last(ended, named.length, computed).put("content", ToyModel.text(named, false));
        last.set("tokens", Json.tokens(named));
        return whole(last);
    }

    private static int next(JsonNode body, int[] tokens) {
        return ToyModel.next(
                tokens, body.path("top_k").asInt() == 1 ? 0 : body.path("seed").asLong());
    }

    private static ObjectNode last(boolean ended, int predicted, int computed) {
        ObjectNode last = Json.object()
                .put("stop", true)
                .put("stop_type", ended ? "eos" : "limit")
                .put("truncated", false)
                .put("tokens_predicted", predicted)
                .put("content", "");
        last.putArray("tokens");
        last.putObject("timings").put("prompt_n", computed);
        return last;
    }

    private void stream(JsonNode body, int[] prompt, int computed, EventTarget target) throws IOException {
        int[] all = prompt;
        List<Integer> pending = new ArrayList<>();
        boolean ended = false;
        int most = body.path("n_predict").asInt();
        while (!ended && all.length < prompt.length + most) {
            int token = next(body, all);
            all = ToyModel.plus(all, token);
            ended = token == ToyModel.END;
            pending.add(token);
            byte[] bytes =
                    ToyModel.bytes(pending.stream().mapToInt(Integer::intValue).toArray(), false);
            if (!ToyModel.incomplete(bytes)) {
                ObjectNode event = Json.object()
                        .put("content", new String(bytes, StandardCharsets.UTF_8))
                        .put("stop", false)
                        .put("tokens_predicted", all.length - prompt.length);
                event.putArray("tokens").add(token);
                pending.clear();
                target.event(event.toString());
            }
        }
        hold(body.path("id_slot").asInt(), all);
        target.event(last(ended, all.length - prompt.length, computed).toString());
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
                hold(id, new int[0]);
                yield whole(Json.object().put("id_slot", id).put("n_erased", erased));
            }
            case "action=save" -> {
                int[] tokens = slot(id);
                Files.write(file, state(tokens));
                yield whole(Json.object().put("n_saved", tokens.length).put("n_written", Files.size(file)));
            }
            default -> restore(id, Files.readAllBytes(file));
        };
    }

    private static byte[] state(int[] tokens) {
        ByteBuffer bytes = ByteBuffer.allocate(tokens.length == 0 ? STUB : 8 + tokens.length * (4 + BYTES_PER_TOKEN));
        bytes.putInt(MAGIC).putInt(tokens.length);
        bytes.asIntBuffer().put(tokens);
        return bytes.array();
    }

    private Reply restore(int id, byte[] state) {
        ByteBuffer bytes = ByteBuffer.wrap(state);
        if (state.length < 8 || bytes.getInt() != MAGIC) {
            hold(id, new int[0]);
            return error(400, "Unable to restore slot");
        }
        int[] tokens = new int[bytes.getInt()];
        bytes.asIntBuffer().get(tokens);
        hold(id, tokens);
        return whole(Json.object().put("n_restored", tokens.length));
    }
}
