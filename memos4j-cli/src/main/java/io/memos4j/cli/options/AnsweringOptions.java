package io.memos4j.cli.options;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.core.ChatConfig;
import io.memos4j.core.ChatConfig.CacheQuota;
import io.memos4j.runtime.http.HttpRuntimeOptions;
import io.memos4j.runtime.http.HttpRuntimes;
import io.memos4j.spi.runtime.ActivationOptions;
import io.memos4j.spi.runtime.ActivationRuntimeProvider;
import io.memos4j.spi.runtime.KvCacheType;
import io.memos4j.spi.runtime.KvCacheTypes;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.ServiceLoader;
import picocli.CommandLine.Option;

/** Options for the model that answers: a GGUF file in this process, an inference server, or a provider. */
public final class AnsweringOptions {
    @Option(
            names = "--context",
            paramLabel = "N",
            defaultValue = "8192",
            description = "Context size in tokens of the model in this process (default: ${DEFAULT-VALUE}).")
    private int context;

    @Option(
            names = "--cache",
            paramLabel = "TYPE",
            defaultValue = "F16",
            description = "Type of the KV cache: f16, exact; q8_0, half the size; q4_0, a quarter (default: f16).")
    private KvCacheType cache;

    @Option(names = "--threads", paramLabel = "N", description = "Compute threads (default: all processors).")
    private Optional<Integer> threads = Optional.empty();

    @Option(names = "--library", paramLabel = "FILE", description = "A libllama to use instead of the bundled one.")
    private Optional<Path> library = Optional.empty();

    @Option(names = "--compress", description = "Compress KV caches on disk: smaller, slower to load (default: no).")
    private boolean compress;

    @Option(
            names = "--memory-quota",
            paramLabel = "MB",
            defaultValue = "512",
            description = "Memory for KV caches (default: ${DEFAULT-VALUE}).")
    private long memoryQuota;

    @Option(
            names = "--disk-quota",
            paramLabel = "MB",
            defaultValue = "8192",
            description = "Disk space for KV caches, at most an eighth of it per cube (default: ${DEFAULT-VALUE}).")
    private long diskQuota;

    @Option(
            names = "--runtime-url",
            paramLabel = "URL",
            description = "A llama-server, vLLM or SGLang to use instead, with its own cache (key: MEMOS4J_MODEL_KEY).")
    private Optional<URI> runtime = Optional.empty();

    @Option(
            names = "--slot-folder",
            paramLabel = "DIR",
            description = "The --slot-save-path of that llama-server on this machine; its KV caches can then be saved.")
    private Optional<Path> slots = Optional.empty();

    /** Opens the model that answers; for a file this is slow and takes much memory. */
    public ChatConfig chatConfig(ModelOptions models) {
        return ownModel(models)
                .or(() -> models.chatModel().map(ChatConfig.ProviderModel::new))
                .orElseThrow(() -> MemoryException.invalid(
                        "This needs a model: give --model FILE.gguf, --runtime-url URL of a llama-server, vLLM or"
                                + " SGLang, or --model NAME and --model-url URL of a provider."));
    }

    /** Opens the model that answers, if one is named. */
    public Optional<ChatConfig> findChatConfig(ModelOptions models) {
        return runtime.isPresent() || models.isNamed() ? Optional.of(chatConfig(models)) : Optional.empty();
    }

    /** Opens the model that answers and takes adapters. */
    public ChatConfig trainable(ModelOptions models) {
        return ownModel(models).orElseThrow(AnsweringOptions::notTrainable);
    }

    private Optional<ChatConfig> ownModel(ModelOptions models) {
        return models.file().map(this::localModel).or(() -> runtime.map(this::serverModel));
    }

    /** Throws if {@link #trainable} would, without opening anything. */
    public void requireTrainable(ModelOptions models) {
        if (models.file().isEmpty() && runtime.isEmpty()) {
            throw notTrainable();
        }
    }

    private static MemoryException notTrainable() {
        return MemoryException.invalid(
                "This needs a model that takes adapters: give --model FILE.gguf, or --runtime-url URL of a"
                        + " llama-server, vLLM or SGLang.");
    }

    /** Returns true if an inference server answers, and not a file in this process. */
    public boolean isServer(ModelOptions models) {
        return models.file().isEmpty() && runtime.isPresent();
    }

    public Optional<Integer> threads() {
        return threads;
    }

    private ChatConfig localModel(Path file) {
        ActivationOptions options = ActivationOptions.of(file)
                .contextTokens(context)
                .caches(KvCacheTypes.of(cache))
                .packed(compress);
        options = threads.map(options::threads).orElse(options);
        options = library.map(options::library).orElse(options);
        return new ChatConfig.LocalModel(provider().open(options), quota());
    }

    private CacheQuota quota() {
        return new CacheQuota(memoryQuota << 20, diskQuota << 20, diskQuota << 17);
    }

    private ChatConfig serverModel(URI server) {
        HttpRuntimeOptions options = HttpRuntimeOptions.of(server);
        options = slots.map(options::slotFolder).orElse(options);
        options = ModelOptions.key().map(options::apiKey).orElse(options);
        return new ChatConfig.LocalModel(HttpRuntimes.probe(options), quota());
    }

    private static ActivationRuntimeProvider provider() {
        try {
            return ServiceLoader.load(ActivationRuntimeProvider.class)
                    .findFirst()
                    .orElseThrow(() -> new MemoryException(
                            ErrorCode.RUNTIME_FAILED,
                            "No runtime for model files was found. Build and run with Java 22 or newer, or name a"
                                    + " server with --model-url."));
        } catch (LinkageError e) {
            throw new MemoryException(
                    ErrorCode.RUNTIME_FAILED,
                    "The runtime for model files needs Java 22 or newer. Use one, or name a server with --model-url.",
                    e);
        }
    }
}
