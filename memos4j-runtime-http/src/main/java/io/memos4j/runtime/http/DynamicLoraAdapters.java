package io.memos4j.runtime.http;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.spi.runtime.AdapterFiles;
import io.memos4j.spi.runtime.AdapterMix;
import io.memos4j.spi.runtime.AdapterSupport;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * The adapters of a server that loads them while it runs, from a folder that it sees under the same path: vLLM and
 * SGLang. Thread-safe.
 *
 * <p>The name of an adapter is derived from its hash, so an adapter that is already loaded under that name, by another
 * runtime or before a crash, is the same one. These servers keep prefixes of different adapters apart, and refuse
 * unknown names.
 *
 * @param routes the prefix of the routes
 */
record DynamicLoraAdapters(
        InferenceServerClient connection, AdapterFileChecker check, String routes, LoraSupport admission) {
    private static final int NAME_DIGITS = 16;
    private static final Set<Integer> NO_ROUTE = Set.of(403, 404, 405, 501);
    private static final int KEY_REFUSED = 401;
    private static final int OK = 200;
    private static final Set<Integer> REFUSED = Set.of(400, 422);
    private static final Pattern LOADED = Pattern.compile("already( been)? loaded");
    private static final Pattern SWITCHED_OFF = Pattern.compile("not enabled|enable.lora|lora_manager");
    private static final Pattern RANK = Pattern.compile("max.lora.rank|rank \\d+ is greater");
    private static final Pattern GONE = Pattern.compile("cannot be found|does not exist|not loaded");

    /**
     * The server's support for adapters.
     *
     * @param able whether it was started with support
     * @param setting the instruction for starting it with support
     */
    record LoraSupport(boolean able, String setting) {}

    /** Creates the adapters of vLLM, which has the routes only if it was started with support. */
    static DynamicLoraAdapters vllm(InferenceServerClient connection, String model) {
        InferenceServerClient.RawAnswer answer =
                connection.answer("/v1/load_lora_adapter", InferenceJson.object(), new RuntimeCall());
        LoraSupport admission = new LoraSupport(
                answer.status() != KEY_REFUSED && !NO_ROUTE.contains(answer.status()),
                "Start vLLM with --enable-lora and the environment variable VLLM_ALLOW_RUNTIME_LORA_UPDATING=True.");
        return new DynamicLoraAdapters(connection, new AdapterFileChecker(model), "/v1", admission);
    }

    /** Creates the adapters of SGLang, which reports whether it was started with support. */
    static DynamicLoraAdapters sglang(InferenceServerClient connection, String model, boolean able) {
        LoraSupport admission = new LoraSupport(
                able,
                "Start SGLang with --enable-lora, --max-lora-rank and --lora-target-modules, in a build of"
                        + " mid-2025 or later.");
        return new DynamicLoraAdapters(connection, new AdapterFileChecker(model), "", admission);
    }

    AdapterSupport support() {
        return admission.able ? new AdapterSupport(1, false) : AdapterSupport.NONE;
    }

    /** The server's name for an adapter. */
    static String name(String hash) {
        return "memos4j-" + hash.substring(0, NAME_DIGITS);
    }

    /** The server's name for the adapter of a mix. */
    static String name(AdapterMix mix) {
        return name(mix.parts().getFirst().adapter().files().hash());
    }

    void load(AdapterFiles adapter, RuntimeCall call) {
        if (!admission.able) {
            throw RuntimeFailureMapper.unsupported("The server cannot load adapters while it runs.", admission.setting);
        }
        check.peft(adapter);
        String path = routes + "/load_lora_adapter";
        String folder = adapter.peft().toAbsolutePath().toString();
        InferenceServerClient.RawAnswer answer = connection.answer(
                path,
                InferenceJson.object().put("lora_name", name(adapter.hash())).put("lora_path", folder),
                call);
        String words = answer.text().toLowerCase(Locale.ROOT);
        if (answer.status() == OK || LOADED.matcher(words).find()) {
            return;
        }
        String said = " (HTTP " + answer.status() + " for " + path + ", "
                + connection.failures().excerpt(answer.text()) + ").";
        if (words.contains("no adapter found")) {
            throw RuntimeFailureMapper.unsupported(
                    "The server sees no adapter in " + folder + said,
                    "Give it the same files under the same path, or run it on this machine.");
        }
        if (RANK.matcher(words).find()) {
            throw RuntimeFailureMapper.unsupported(
                    "The server does not accept adapters of this rank" + said,
                    "Start it with a larger --max-lora-rank.");
        }
        if (SWITCHED_OFF.matcher(words).find() || NO_ROUTE.contains(answer.status())) {
            throw RuntimeFailureMapper.unsupported(
                    "The server cannot load adapters while it runs" + said, admission.setting);
        }
        if (REFUSED.contains(answer.status())) {
            throw new MemoryException(
                    ErrorCode.ADAPTER_REFUSED,
                    "The server refuses the adapter in " + folder + said
                            + " Check that it is for this model, and that the server sees the folder.");
        }
        throw connection.failures().fromStatus(path, answer.status(), answer.text());
    }

    void unload(String hash, RuntimeCall call) {
        String path = routes + "/unload_lora_adapter";
        InferenceServerClient.RawAnswer answer =
                connection.answer(path, InferenceJson.object().put("lora_name", name(hash)), call);
        if (answer.status() != OK && !GONE.matcher(answer.text()).find()) {
            throw connection.failures().fromStatus(path, answer.status(), answer.text());
        }
    }

    /** Makes a call with adapters; if the server has lost them, the failure says so. */
    <T> T callWithAdapters(AdapterMix mix, Supplier<T> work) {
        try {
            return work.get();
        } catch (MemoryException e) {
            if (mix.isNone()
                    || e.code() == ErrorCode.CLOSED
                    || !String.valueOf(e.getMessage()).contains(name(mix))) {
                throw e;
            }
            String hash = mix.parts().getFirst().adapter().files().hash();
            throw connection.failures().lostAdapter(hash, "The server says: " + e.getMessage());
        }
    }
}
