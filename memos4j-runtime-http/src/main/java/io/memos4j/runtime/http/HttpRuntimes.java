package io.memos4j.runtime.http;

import io.memos4j.spi.runtime.ActivationRuntime;
import tools.jackson.databind.JsonNode;

/**
 * Inference servers as activation runtimes.
 *
 * <p>A server must be there for memos4j alone, since what others do with it changes what it holds. It is asked what it
 * is when it is opened: that fails with {@link io.memos4j.api.ErrorCode#UPSTREAM_FAILED} if it cannot be reached or
 * loads its model still, and with {@link io.memos4j.api.ErrorCode#UNSUPPORTED} if it lacks what is asked of it. A key
 * appears in no message. Beside what the SPI names, calls fail with {@code UPSTREAM_FAILED} and
 * {@link io.memos4j.api.ErrorCode#TIMEOUT}, after which another try may succeed; a handle is then what it was before.
 *
 * <p>None of them tells logits.
 */
public final class HttpRuntimes {
    private HttpRuntimes() {}

    /**
     * Finds out what the server is and opens it.
     *
     * @throws io.memos4j.api.MemoryException {@link io.memos4j.api.ErrorCode#UNSUPPORTED} if it is none of the three
     */
    public static ActivationRuntime probe(HttpRuntimeOptions options) {
        return opened(options, HttpRuntimes::open);
    }

    /**
     * Opens llama-server. Each handle has a slot; a fork takes another one, whose contents are copied through the
     * folder of slots, or computed again if the options name none. Closing a handle erases its slot; if the server was
     * started without a folder for slots it cannot erase, and the slot is overwritten.
     *
     * <p>Start it with {@code --slot-save-path}, with {@code -np} and as many slots as handles, with
     * {@code --no-kv-unified}, so that each slot has room of its own, and with {@code --cache-ram 0}: otherwise it
     * keeps copies of what slots held, which nothing erases, and may empty slots that are idle. Without sight of the
     * model file under the path that the server names, the identity of the model is what the server says.
     *
     * <p>It has the adapters that it was started with ({@code --lora FILE}), any mix of them at any scale, and takes no
     * others: an adapter is known by its hash in the path, or by the file if that lies on this machine too. Each
     * request says the scale of every one, so what is set for all does not matter. Slots are not shared between mixes.
     * Without {@code --cache-ram 0} the server's cache in memory does not tell mixes apart; a slot that would lose much
     * of what it holds is then computed anew.
     */
    public static ActivationRuntime llamaServer(HttpRuntimeOptions options) {
        return opened(options, LlamaServer::open);
    }

    /**
     * Opens vLLM. A handle is its tokens; what is computed for it stays as long as vLLM keeps it, can be shared and is
     * found again, and cannot be erased singly. With a salt it is found by runtimes with the same salt only. Not to be
     * saved.
     *
     * <p>Start it with {@code --enable-prompt-tokens-details}, so that statistics say what it had. The sizes of the
     * model are 0 and the vocabulary unbounded, since it does not tell them.
     *
     * <p>Adapters are loaded while it runs, one at a time and as they were trained, if it was started with
     * {@code --enable-lora}, a {@code --max-lora-rank} that is large enough, and
     * {@code VLLM_ALLOW_RUNTIME_LORA_UPDATING=True}. It reads them itself, under the path that they have here. The last
     * to close an adapter unloads it, also for other runtimes of this server.
     */
    public static ActivationRuntime vllm(HttpRuntimeOptions options) {
        return opened(options, VllmServer::open);
    }

    /**
     * Opens SGLang; as {@link #vllm}. It heeds the seed of a choice only with {@code --enable-deterministic-inference}.
     * For adapters start it with {@code --enable-lora}, {@code --max-lora-rank} and {@code --lora-target-modules}.
     */
    public static ActivationRuntime sglang(HttpRuntimeOptions options) {
        return opened(options, SglangServer::open);
    }

    private interface Opening {
        InferenceServer open(InferenceServerClient connection, HttpRuntimeOptions options);
    }

    private static ActivationRuntime opened(HttpRuntimeOptions options, Opening opening) {
        InferenceServerClient connection = new InferenceServerClient(options);
        try {
            return new HttpRuntime(connection, opening.open(connection, options));
        } catch (RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private static InferenceServer open(InferenceServerClient connection, HttpRuntimeOptions options) {
        JsonNode entry = PrefixCachingServer.findModel(connection, options.model());
        return switch (InferenceJson.text(entry, "owned_by")) {
            case "llamacpp" -> LlamaServer.open(connection, options);
            case "vllm" -> VllmServer.open(connection, options);
            case "sglang" -> SglangServer.open(connection, options);
            default -> byRoutes(connection, options);
        };
    }

    /** A proxy may have changed who owns the model. */
    private static InferenceServer byRoutes(InferenceServerClient connection, HttpRuntimeOptions options) {
        RuntimeCall call = new RuntimeCall();
        if (connection
                .find("/props", call)
                .map(props -> props.has("total_slots"))
                .orElse(false)) {
            return LlamaServer.open(connection, options);
        }
        if (connection.find("/get_model_info", call).isPresent()) {
            return SglangServer.open(connection, options);
        }
        if (connection.find("/version", call).map(said -> said.has("version")).orElse(false)) {
            return VllmServer.open(connection, options);
        }
        throw RuntimeFailureMapper.unsupported(
                "The server at " + options.server() + " is neither llama-server nor vLLM nor SGLang.",
                "Give the address of one, without a path of its API.");
    }
}
