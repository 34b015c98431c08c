package io.memos4j.runtime.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A scripted SGLang: a tree of prefixes, with incremental or cumulative events, as it was started. */
final class ScriptedSglang extends ScriptedPrefixServer {
    private final boolean incremental;
    private final boolean conversations;

    /**
     * Creates a build.
     *
     * @param incremental whether events contain only new tokens
     * @param conversations whether it tokenizes conversations
     */
    ScriptedSglang(boolean incremental, boolean conversations) {
        super(1);
        this.incremental = incremental;
        this.conversations = conversations;
    }

    @Override
    Reply answer(Request request) {
        JsonNode body = request.body();
        return switch (request.path()) {
            case "/v1/models" -> whole(models());
            case "/get_server_info" ->
                whole(InferenceJson.object()
                        .put("version", "0.5.5")
                        .put("max_total_num_tokens", 50_000)
                        .put("enable_lora", takesAdapters()));
            case "/load_lora_adapter", "/unload_lora_adapter" -> adapterRoute(request);
            case "/get_model_info" ->
                whole(InferenceJson.object().put("model_path", "org/toy").put("tokenizer_path", "org/toy"));
            case "/openapi.json" ->
                whole(openapi(Map.of(
                        "GenerateReqInput",
                        List.of("input_ids", "extra_key"),
                        "TokenizeRequest",
                        conversations ? List.of("prompt", "messages") : List.of("prompt"))));
            case "/tokenize" -> tokenize(body);
            case "/detokenize" ->
                whole(InferenceJson.object()
                        .put(
                                "text",
                                ToyModel.text(
                                        InferenceJson.tokens(body.path("tokens")),
                                        !body.path("skip_special_tokens").asBoolean(true))));
            case "/generate" -> generate(body);
            default -> error(404, "Not Found");
        };
    }

    private static ObjectNode models() {
        ObjectNode models = InferenceJson.object();
        models.putArray("data")
                .addObject()
                .put("id", "org/toy")
                .put("owned_by", "sglang")
                .put("max_model_len", CONTEXT);
        return models;
    }

    private Reply tokenize(JsonNode body) {
        if (body.has("messages") && !conversations) {
            return error(400, "prompt: Field required");
        }
        String text = body.has("messages")
                ? ToyModel.template(body.path("messages"), true)
                : body.path("prompt").asString();
        return tokens(ToyModel.tokenize(text, body.path("add_special_tokens").asBoolean(true), true));
    }

    private Reply generate(JsonNode body) {
        int[] prompt = InferenceJson.tokens(body.path("input_ids"));
        String adapter = adapter(body);
        if (!adapter.isEmpty() && !adapters().containsKey(adapter)) {
            return error(400, "The following requested LoRA adapters are not loaded: " + adapter);
        }
        int there = lookUp(prompt, salt(body));
        if (body.path("stream").asBoolean(false)) {
            return new Reply.Events(target -> stream(body, prompt, target));
        }
        ObjectNode answer = InferenceJson.object().put("text", "x");
        answer.putArray("output_ids").add(5);
        answer.putObject("meta_info").put("prompt_tokens", prompt.length).put("cached_tokens", there);
        return whole(answer);
    }

    private static String adapter(JsonNode body) {
        return body.path("lora_path").asString("");
    }

    private static String salt(JsonNode body) {
        return body.path("extra_key").asString("") + "/" + adapter(body);
    }

    private void stream(JsonNode body, int[] prompt, EventTarget target) throws IOException {
        JsonNode sampling = body.path("sampling_params");
        long seed = sampling.path("sampling_seed").asLong(0);
        int most = sampling.path("max_new_tokens").asInt();
        int[] all = prompt;
        String before = "";
        boolean ended = false;
        while (!ended && all.length < prompt.length + most) {
            int token = ToyModel.next(computed(all, adapter(body)), seed);
            all = ToyModel.plus(all, token);
            ended = token == ToyModel.END;
            int[] named = Arrays.copyOfRange(all, prompt.length, all.length);
            byte[] bytes = ToyModel.bytes(named, false);
            String text = ToyModel.incomplete(bytes) && !ended ? before : new String(bytes, StandardCharsets.UTF_8);
            ObjectNode event = InferenceJson.object().put("text", incremental ? text.substring(before.length()) : text);
            event.set("output_ids", InferenceJson.tokens(incremental ? new int[] {token} : named));
            ObjectNode meta = event.putObject("meta_info").put("completion_tokens", named.length);
            if (ended) {
                meta.putObject("finish_reason").put("type", "stop").put("matched", token);
            } else if (named.length == most) {
                meta.putObject("finish_reason").put("type", "length").put("length", most);
            } else {
                meta.putNull("finish_reason");
            }
            before = text;
            target.event(event.toString());
        }
        lookUp(all, salt(body));
        target.event("[DONE]");
    }
}
