package io.memos4j.runtime.http;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** The common behavior of vLLM and SGLang: prefixes are cached by themselves, in blocks, separately for each salt. */
abstract class ScriptedPrefixServer extends ScriptedInferenceServer {
    static final int CONTEXT = 2_048;

    private final int block;
    private final Set<List<Object>> cached = new HashSet<>();

    private final Map<String, String> adapters = new ConcurrentHashMap<>();
    private volatile boolean takesAdapters;

    ScriptedPrefixServer(int block) {
        this.block = block;
    }

    /** Counts the cached tokens of a prompt, and caches all of its blocks. */
    synchronized int lookUp(int[] prompt, String salt) {
        int there = 0;
        boolean found = true;
        for (int end = block; end <= prompt.length; end += block) {
            List<Object> key = List.of(
                    salt, IntStream.of(Arrays.copyOf(prompt, end)).boxed().toList());
            found = found && cached.contains(key) && end < prompt.length;
            if (found) {
                there = end;
            }
            cached.add(key);
        }
        return there;
    }

    /** Forgets everything, as a server does under memory pressure. */
    synchronized void forget() {
        cached.clear();
    }

    /** Allows loading adapters from now on. */
    void takeAdapters() {
        takesAdapters = true;
    }

    boolean takesAdapters() {
        return takesAdapters;
    }

    /** The folders of loaded adapters, by name. */
    Map<String, String> adapters() {
        return adapters;
    }

    /** Loads and unloads adapters; answers 404 to anything else. */
    Reply adapterRoute(Request request) {
        String name = request.body().path("lora_name").asString("");
        String folder = request.body().path("lora_path").asString("");
        if (!takesAdapters) {
            return error(404, "Not Found");
        }
        if (request.path().endsWith("/unload_lora_adapter")) {
            return adapters.remove(name) == null
                    ? error(404, "The lora adapter '" + name + "' cannot be found.")
                    : new Reply.Whole(200, StringNode.valueOf("Success"));
        }
        if (name.isEmpty() || folder.isEmpty()) {
            return error(400, "Field required");
        }
        return adapters.putIfAbsent(name, folder) == null
                ? new Reply.Whole(200, StringNode.valueOf("Success"))
                : error(400, "The lora adapter '" + name + "' has already been loaded.");
    }

    /** The input of the next token. */
    static int[] computed(int[] tokens, String adapter) {
        int mix = adapter.isEmpty() ? 0 : adapter.hashCode();
        return Arrays.stream(tokens).map(token -> token ^ mix).toArray();
    }

    /** Describes routes whose requests have these fields. */
    static ObjectNode openapi(Map<String, List<String>> requests) {
        ObjectNode root = InferenceJson.object();
        ObjectNode schemas = root.putObject("components").putObject("schemas");
        requests.forEach((name, fields) -> {
            ObjectNode properties = schemas.putObject(name).putObject("properties");
            fields.forEach(properties::putObject);
        });
        return root;
    }

    static Reply tokens(int[] tokens) {
        ObjectNode answer = InferenceJson.object().put("count", tokens.length);
        answer.set("tokens", InferenceJson.tokens(tokens));
        return whole(answer);
    }
}
