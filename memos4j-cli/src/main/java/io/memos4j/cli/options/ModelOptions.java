package io.memos4j.cli.options;

import io.memos4j.api.MemoryException;
import io.memos4j.embeddings.onnx.OnnxReranker;
import io.memos4j.models.langchain4j.ChatModels;
import io.memos4j.models.langchain4j.HttpReranker;
import io.memos4j.models.langchain4j.LangChain4jModels;
import io.memos4j.spi.models.ChatModel;
import io.memos4j.spi.models.LanguageModel;
import io.memos4j.spi.models.Reranker;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Options for the language model and the reranker. They override the environment, which alone provides keys. */
public final class ModelOptions {
    private static final String MODEL = "MEMOS4J_MODEL";
    private static final String MODEL_URL = "MEMOS4J_MODEL_URL";
    private static final String MODEL_KEY = "MEMOS4J_MODEL_KEY";
    private static final String RERANK_URL = "MEMOS4J_RERANK_URL";
    private static final String RERANK_MODEL = "MEMOS4J_RERANK_MODEL";
    private static final String RERANK_KEY = "MEMOS4J_RERANK_KEY";

    @Option(
            names = "--model",
            paramLabel = "NAME",
            description = "The language model, with OpenAI's protocol; anthropic:NAME uses Anthropic's; for chat,"
                    + " activations and adapters also a GGUF file (environment: MEMOS4J_MODEL; key:"
                    + " MEMOS4J_MODEL_KEY).")
    private Optional<String> model = Optional.empty();

    @Option(
            names = "--model-url",
            paramLabel = "URL",
            description = "The URL of its server, with the version: http://localhost:11434/v1 (environment:"
                    + " MEMOS4J_MODEL_URL).")
    private Optional<String> modelUrl = Optional.empty();

    @Option(
            names = "--rerank-url",
            paramLabel = "URL",
            description = "The URL of a reranker for searches, with the path: http://localhost:8080/rerank"
                    + " (environment: MEMOS4J_RERANK_URL; key: MEMOS4J_RERANK_KEY).")
    private Optional<String> rerankUrl = Optional.empty();

    @Option(
            names = "--rerank-model",
            paramLabel = "NAME",
            description = "The reranking model, if the server has several (environment: MEMOS4J_RERANK_MODEL).")
    private Optional<String> rerankModel = Optional.empty();

    @Option(
            names = "--rerank-onnx",
            paramLabel = "FILE",
            description = "A cross-encoder in ONNX format that reranks searches in this process.")
    private Optional<Path> rerankOnnx = Optional.empty();

    @Option(names = "--rerank-tokenizer", paramLabel = "FILE", description = "The tokenizer.json of the cross-encoder.")
    private Optional<Path> rerankTokenizer = Optional.empty();

    /** A model and the address of its server. */
    private record Address(boolean anthropic, String name, URI url) {}

    /** Throws for options that do not go together; environment variables are checked where they are used. */
    public void check() {
        if (file().isEmpty() && (model.isPresent() || modelUrl.isPresent())) {
            address();
        }
        if (rerankOnnx.isPresent() != rerankTokenizer.isPresent()) {
            throw MemoryException.invalid("--rerank-onnx and --rerank-tokenizer go together: give both files.");
        }
        if (rerankOnnx.isPresent() && (rerankUrl.isPresent() || rerankModel.isPresent())) {
            throw MemoryException.invalid(
                    "Give only one reranker: either --rerank-url, or --rerank-onnx with --rerank-tokenizer.");
        }
        if (rerankModel.isPresent() && rerankAddress().isEmpty()) {
            throw MemoryException.invalid(
                    "--rerank-model needs the server: give --rerank-url or set " + RERANK_URL + ".");
        }
    }

    /** The model, if it is a file. */
    Optional<Path> file() {
        return model.or(() -> environment(MODEL))
                .filter(name -> name.endsWith(".gguf") || Files.isRegularFile(Path.of(name)))
                .map(Path::of);
    }

    /** Returns true if a model is named, as a file or by a server. */
    boolean isNamed() {
        return file().isPresent() || address().isPresent();
    }

    /** Throws if no language model is named. */
    public void requireModel() {
        if (address().isEmpty()) {
            throw MemoryException.invalid("This needs a language model: give --model NAME and --model-url URL, or set "
                    + MODEL + " and " + MODEL_URL + ". Put a key into " + MODEL_KEY + ".");
        }
    }

    /** Returns the model that reads new messages; a model file can only answer. */
    public Optional<LanguageModel> languageModel() {
        return readable().map(at -> {
            String key = environment(MODEL_KEY).orElse("");
            return at.anthropic
                    ? LangChain4jModels.anthropic(at.url, requiredKey(key), at.name)
                    : LangChain4jModels.openAi(at.url, key, at.name);
        });
    }

    private Optional<Address> readable() {
        boolean served = modelUrl.or(() -> environment(MODEL_URL)).isPresent();
        return file().isPresent() && !served ? Optional.empty() : address();
    }

    /** Returns the model that answers conversations. */
    Optional<ChatModel> chatModel() {
        return address().map(at -> {
            String key = environment(MODEL_KEY).orElse("");
            return at.anthropic
                    ? ChatModels.anthropic(at.url, requiredKey(key), at.name)
                    : ChatModels.openAi(at.url, key, at.name);
        });
    }

    private static String requiredKey(String key) {
        if (key.isEmpty()) {
            throw MemoryException.invalid("Anthropic's protocol requires a key: set " + MODEL_KEY + ".");
        }
        return key;
    }

    /** Returns the key for the server of the model. */
    static Optional<String> key() {
        return environment(MODEL_KEY);
    }

    private Optional<Address> address() {
        Optional<String> given = model.or(() -> environment(MODEL));
        if (given.isEmpty()) {
            if (modelUrl.isPresent()) {
                throw MemoryException.invalid("--model-url names no model: give --model NAME or set " + MODEL + ".");
            }
            return Optional.empty();
        }
        String name = given.get().strip();
        boolean anthropic = name.startsWith("anthropic:");
        String bare = anthropic || name.startsWith("openai:") ? name.substring(name.indexOf(':') + 1) : name;
        if (bare.isBlank()) {
            throw MemoryException.invalid("'" + name + "' names no model.");
        }
        String url = modelUrl.or(() -> environment(MODEL_URL))
                .orElseThrow(
                        () -> MemoryException.invalid("Model '" + name + "' needs its server: give --model-url or set "
                                + MODEL_URL + ", for example to "
                                + (anthropic ? "https://api.anthropic.com/v1." : "http://localhost:11434/v1.")));
        return Optional.of(new Address(anthropic, bare, uri(url)));
    }

    public Optional<Reranker> reranker() {
        if (rerankOnnx.isPresent() && rerankTokenizer.isPresent()) {
            return Optional.of(OnnxReranker.open(rerankOnnx.get(), rerankTokenizer.get()));
        }
        String name = rerankModel.or(() -> environment(RERANK_MODEL)).orElse("default");
        String key = environment(RERANK_KEY).orElse("");
        return rerankAddress().map(url -> HttpReranker.at(url, key, name));
    }

    private Optional<URI> rerankAddress() {
        return rerankUrl.or(() -> environment(RERANK_URL)).map(ModelOptions::uri);
    }

    private static URI uri(String text) {
        try {
            return URI.create(text.strip());
        } catch (IllegalArgumentException e) {
            throw MemoryException.invalid("'" + text + "' is not a URL. Write http://host:port/path.");
        }
    }

    private static Optional<String> environment(String name) {
        return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isBlank());
    }
}
