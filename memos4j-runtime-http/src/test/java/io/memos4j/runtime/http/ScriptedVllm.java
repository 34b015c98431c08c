package io.memos4j.runtime.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A scripted vLLM: blocks of 16 tokens, tokens of incomplete characters without text, and the end token as the last
 * one.
 */
final class ScriptedVllm extends ScriptedPrefixServer {
    private final List<String> fields;

    /** Creates a build whose completions have these fields. */
    ScriptedVllm(List<String> fields) {
        super(16);
        this.fields = fields;
    }

    ScriptedVllm() {
        this(List.of("cache_salt", "return_tokens_as_token_ids", "return_token_ids"));
    }

    @Override
    Reply answer(Request request) {
        JsonNode body = request.body();
        return switch (request.path()) {
            case "/v1/models" -> whole(models());
            case "/version" -> whole(InferenceJson.object().put("version", "0.11.0"));
            case "/openapi.json" -> whole(openapi(Map.of("CompletionRequest", fields)));
            case "/tokenize" -> tokens(tokenize(body));
            case "/detokenize" ->
                whole(InferenceJson.object()
                        .put("prompt", ToyModel.text(InferenceJson.tokens(body.path("tokens")), true)));
            case "/v1/completions" -> completion(body);
            case "/v1/load_lora_adapter", "/v1/unload_lora_adapter" -> adapterRoute(request);
            default -> error(404, "Not Found");
        };
    }

    private static ObjectNode models() {
        ObjectNode models = InferenceJson.object();
        models.putArray("data")
                .addObject()
                .put("id", "toy")
                .put("root", "org/toy")
                .put("owned_by", "vllm")
                .put("max_model_len", CONTEXT);
        return models;
    }

    private static int[] tokenize(JsonNode body) {
        boolean start = body.path("add_special_tokens").asBoolean(true);
        String text = body.has("messages")
                ? ToyModel.template(
                        body.path("messages"),
                        body.path("add_generation_prompt").asBoolean(true))
                : body.path("prompt").asString();
        return ToyModel.tokenize(text, start, true);
    }

    private Reply completion(JsonNode body) {
        int[] prompt = InferenceJson.tokens(body.path("prompt"));
        int most = body.path("max_tokens").asInt();
        if (prompt.length + most > CONTEXT) {
            return error(400, "This model's maximum context length is " + CONTEXT + " tokens.");
        }
        if (Arrays.stream(prompt).anyMatch(token -> token >= ToyModel.VOCABULARY)) {
            return error(400, "Token id " + Arrays.stream(prompt).max().getAsInt() + " is out of vocabulary");
        }
        String model = body.path("model").asString();
        if (!model.equals("toy") && !adapters().containsKey(model)) {
            return error(404, "The model `" + model + "` does not exist.");
        }
        int there = lookUp(prompt, salt(body));
        if (body.path("stream").asBoolean(false)) {
            return new Reply.Events(target -> stream(body, prompt, target));
        }
        ObjectNode answer = InferenceJson.object();
        answer.putArray("choices").addObject().put("text", "x").put("finish_reason", "length");
        answer.putObject("usage")
                .put("prompt_tokens", prompt.length)
                .putObject("prompt_tokens_details")
                .put("cached_tokens", there);
        return whole(answer);
    }

    private static String adapter(JsonNode body) {
        String model = body.path("model").asString();
        return model.equals("toy") ? "" : model;
    }

    private static String salt(JsonNode body) {
        return body.path("cache_salt").asString("") + "/" + adapter(body);
    }

    private void stream(JsonNode body, int[] prompt, EventTarget target) throws IOException {
        long seed =
                body.path("temperature").asDouble() == 0 ? 0 : body.path("seed").asLong();
        int most = body.path("max_tokens").asInt();
        int[] all = prompt;
        int told = prompt.length;
        boolean ended = false;
        while (!ended && all.length < prompt.length + most) {
            int token = ToyModel.next(computed(all, adapter(body)), seed);
            all = ToyModel.plus(all, token);
            ended = token == ToyModel.END;
            byte[] untold = ToyModel.bytes(Arrays.copyOfRange(all, told, all.length), false);
            boolean tell = ended || !ToyModel.incomplete(untold);
            told = tell ? all.length : told;
            target.event(chunk(
                    body,
                    token,
                    tell ? new String(untold, StandardCharsets.UTF_8) : "",
                    ended ? "stop" : all.length == prompt.length + most ? "length" : ""));
        }
        lookUp(all, salt(body));
        target.event("[DONE]");
    }

    private static String chunk(JsonNode body, int token, String text, String finish) {
        ObjectNode chunk = InferenceJson.object();
        ObjectNode choice = chunk.putArray("choices").addObject().put("text", text);
        if (finish.isEmpty()) {
            choice.putNull("finish_reason");
        } else {
            choice.put("finish_reason", finish);
        }
        if (body.path("return_token_ids").asBoolean(false)) {
            choice.putArray("token_ids").add(token);
        }
        if (body.path("return_tokens_as_token_ids").asBoolean(false)) {
            ArrayNode names = choice.putObject("logprobs").putArray("tokens");
            names.add("token_id:" + token);
        }
        return chunk.toString();
    }
}
