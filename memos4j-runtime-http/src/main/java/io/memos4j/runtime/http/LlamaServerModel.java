package io.memos4j.runtime.http;

import io.memos4j.internal.Sha256Hash;
import io.memos4j.spi.runtime.ActivationCapabilities;
import io.memos4j.spi.runtime.ActivationFeature;
import io.memos4j.spi.runtime.AdapterSupport;
import io.memos4j.spi.runtime.KvCacheType;
import io.memos4j.spi.runtime.ModelIdentity;
import io.memos4j.spi.runtime.ModelShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * The model and the capabilities that llama-server reports.
 *
 * <p>If the model file is on this machine too, under the path that the server reports, the identity has the hash of
 * that file. Otherwise it has the hash of the reported path, sizes and number of parameters, which distinguishes
 * models, but not two files of the same name and size. The server reports neither layers nor heads, so these are 0, nor
 * the architecture, which is empty.
 *
 * @param path of the model file on the server
 */
record LlamaServerModel(ModelIdentity identity, ActivationCapabilities capabilities, String path) {

    static LlamaServerModel read(InferenceServerClient connection, HttpRuntimeOptions options) {
        RuntimeCall call = new RuntimeCall();
        JsonNode props = connection.get("/props", call);
        JsonNode meta = connection.get("/v1/models", call).path("data").path(0).path("meta");
        int context = props.path("default_generation_settings").path("n_ctx").asInt(0);
        int vocabulary = meta.path("n_vocab").asInt(0);
        int slots = props.path("total_slots").asInt(0);
        if (context < 2 || vocabulary < 1 || slots < 1) {
            throw connection
                    .failures()
                    .unusableAnswer(
                            "/props", "it names no context, no slots or no vocabulary; the model may still be loading");
        }
        ModelIdentity identity = new ModelIdentity(
                fileHash(InferenceJson.text(props, "model_path"), meta),
                "",
                InferenceJson.text(props, "model_ftype"),
                Sha256Hash.of(InferenceJson.text(meta, "vocab_type") + "/" + vocabulary + "/"
                        + InferenceJson.text(props, "bos_token") + "/" + InferenceJson.text(props, "eos_token")),
                hashOrEmpty(InferenceJson.text(props, "chat_template")),
                new ModelShape(meta.path("n_ctx_train").asInt(0), vocabulary, 0, 0, 0, 0));
        int handles = Math.min(slots, options.handles());
        // The server needs space for one more token than a prompt has.
        ActivationCapabilities capabilities = new ActivationCapabilities(
                "llama-server " + InferenceJson.text(props, "build_info"),
                Set.of(KvCacheType.values()),
                options.caches(),
                Math.multiplyExact(context, slots),
                context - 1,
                handles,
                options.slotFolder().isPresent() ? Set.of(ActivationFeature.SAVE) : Set.of(),
                AdapterSupport.NONE);
        return new LlamaServerModel(identity, capabilities, InferenceJson.text(props, "model_path"));
    }

    private static String fileHash(String path, JsonNode meta) {
        return hashLocalFile(path)
                .orElseGet(() -> Sha256Hash.of(path + "/" + meta.path("size").asLong(0) + "/"
                        + meta.path("n_params").asLong(0) + "/"
                        + meta.path("n_embd").asLong(0)));
    }

    private static Optional<String> hashLocalFile(String path) {
        try {
            Optional<Path> file = findLocalFile(path);
            return file.isPresent() ? Optional.of(Sha256Hash.of(file.get())) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Finds the file of a reported path on this machine. */
    static Optional<Path> findLocalFile(String path) {
        try {
            Path file = Path.of(path);
            return file.isAbsolute() && Files.isRegularFile(file) && Files.isReadable(file)
                    ? Optional.of(file)
                    : Optional.empty();
        } catch (InvalidPathException e) {
            // The path belongs to another machine.
            return Optional.empty();
        }
    }

    /** The capabilities with support for the adapters that it was started with. */
    ActivationCapabilities with(AdapterSupport adapters) {
        return new ActivationCapabilities(
                capabilities.runtime(),
                capabilities.caches(),
                capabilities.inUse(),
                capabilities.contextTokens(),
                capabilities.handleTokens(),
                capabilities.handles(),
                capabilities.features(),
                adapters);
    }

    private static String hashOrEmpty(String text) {
        return text.isEmpty() ? "" : Sha256Hash.of(text);
    }
}
