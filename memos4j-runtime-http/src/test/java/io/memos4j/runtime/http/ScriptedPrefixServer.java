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

/** What vLLM and SGLang have in common: prefixes are kept by themselves, in blocks, for each salt apart. */
abstract class ScriptedPrefixServer extends ScriptedInferenceServer {
    static final int CONTEXT = 2_048;

    private final int block;
    private final Set<List<Object>> cached = new HashSet<>();

    private final Map<String, String> adapters = new ConcurrentHashMap<>();
    private volatile boolean takesAdapters;

    ScriptedPrefixServer(int block) {
        this.block = block;
    }

    /** How many tokens of a prompt are there; all of its blocks are afterwards. */
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

    /** Forgets all, as a server does that needs the room. */
    synchronized void forget() {
        cached.clear();
    }

    /** From now on adapters are loaded while it runs. */
    void takeAdapters() {
        takesAdapters = true;
    }

    boolean takesAdapters() {
        return takesAdapters;
    }

    /** Folders of the adapters that are loaded, by their names. */
    Map<String, String> adapters() {
        return adapters;
    }

    /** Loads and unloads; anything else is not found. */
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

    /** What the next token depends on. */
    static int[] computed(int[] tokens, String adapter) {
        int mix = adapter.isEmpty() ? 0 : adapter.hashCode();
        return Arrays.stream(tokens).map(token -> token ^ mix).toArray();
    }

    /** A description of the routes in which requests have these fields. */
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
