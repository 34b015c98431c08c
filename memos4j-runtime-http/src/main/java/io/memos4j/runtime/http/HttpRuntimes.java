package io.memos4j.runtime.http;

import io.memos4j.spi.runtime.ActivationRuntime;
import tools.jackson.databind.JsonNode;

/**
 * Opens inference servers as activation runtimes.
 *
 * <p>A server must serve memos4j alone, since other uses change what it holds. Opening a runtime queries the server. It
 * fails with {@link io.memos4j.api.ErrorCode#UPSTREAM_FAILED} if the server cannot be reached or is still loading its
 * model, and with {@link io.memos4j.api.ErrorCode#UNSUPPORTED} if it lacks a required feature. Keys appear in no
 * message. In addition to the failures that the SPI names, calls fail with {@code UPSTREAM_FAILED} and
 * {@link io.memos4j.api.ErrorCode#TIMEOUT}, after which another try may succeed; the handle is unchanged then.
 *
 * <p>No server reports logits.
 */
public final class HttpRuntimes {
    private HttpRuntimes() {}

    /**
     * Detects the kind of server and opens it.
     *
     * @throws io.memos4j.api.MemoryException {@link io.memos4j.api.ErrorCode#UNSUPPORTED} if it is none of the three
     */
    public static ActivationRuntime probe(HttpRuntimeOptions options) {
        return opened(options, HttpRuntimes::open);
    }

    /**
     * Opens llama-server. Each handle has a slot; a fork takes another slot, whose contents are copied through the slot
     * folder, or computed again if the options name none. Closing a handle erases its slot; a server that was started
     * without a slot folder cannot erase, and the slot is overwritten instead.
     *
     * <p>Start it with {@code --slot-save-path}, with {@code -np} and as many slots as handles, with
     * {@code --no-kv-unified}, so that each slot has its own space, and with {@code --cache-ram 0}: otherwise it keeps
     * copies of slots, which nothing erases, and may empty idle slots. If the model file is not visible here under the
     * path that the server reports, the identity of the model is derived from what the server reports.
     *
     * <p>It has the adapters that it was started with ({@code --lora FILE}), in any mix at any scale, and loads no
     * others: an adapter is identified by its hash in the path, or by the file if that is on this machine too. Each
     * request states the scale of every adapter, so the server's global scales do not matter. Slots are not shared
     * between mixes. Without {@code --cache-ram 0} the server's memory cache does not distinguish mixes; a slot that
     * would lose much of its contents is then computed again.
     */
    public static ActivationRuntime llamaServer(HttpRuntimeOptions options) {
        return opened(options, LlamaServer::open);
    }

    /**
     * Opens vLLM. A handle is its tokens; their computed prefix lives as long as vLLM keeps it, can be shared and found
     * again, and cannot be erased individually. With a salt it is found by runtimes with the same salt only. Handles
     * cannot be saved.
     *
     * <p>Start it with {@code --enable-prompt-tokens-details}, so that statistics include cached tokens. The sizes of
     * the model are 0 and its vocabulary unbounded, since vLLM does not report them.
     *
     * <p>Adapters are loaded while it runs, one at a time and at their trained scale, if it was started with
     * {@code --enable-lora}, a large enough {@code --max-lora-rank}, and {@code VLLM_ALLOW_RUNTIME_LORA_UPDATING=True}.
     * It reads them itself, under the path that they have here. The last owner to close an adapter unloads it, also for
     * other runtimes of this server.
     */
    public static ActivationRuntime vllm(HttpRuntimeOptions options) {
        return opened(options, VllmServer::open);
    }

    /**
     * Opens SGLang; see {@link #vllm}. It honors sampling seeds only with {@code --enable-deterministic-inference}. For
     * adapters start it with {@code --enable-lora}, {@code --max-lora-rank} and {@code --lora-target-modules}.
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

    /** Detects the kind by its routes, for the case that a proxy has changed the owner of the model. */
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
