package io.memos4j.models.langchain4j;

import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.jdk.JdkHttpClientBuilder;
import dev.langchain4j.model.anthropic.AnthropicChatModel;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import io.memos4j.spi.models.LanguageModel;
import java.net.URI;
import java.time.Duration;

/**
 * Language models through LangChain4j.
 *
 * <p>A call is tried once, at temperature 0 where the model accepts one, and ends with the timeout of its prompt, after
 * ten minutes at the latest. Closing a model ends its running calls with {@link io.memos4j.api.ErrorCode#CLOSED}. Keys
 * appear in no message.
 *
 * <p>A schema is enforced if each of its objects requires all of its properties and has {@code "additionalProperties":
 * false}, and if it uses no keywords but {@code type}, {@code properties}, {@code required}, {@code items},
 * {@code enum}, {@code const}, {@code anyOf}, {@code $ref}, {@code $defs}, {@code description} and {@code title}.
 */
public final class LangChain4jModels {
    private static final Duration LONGEST_CALL = Duration.ofMinutes(10);

    private LangChain4jModels() {}

    /**
     * Creates a model behind OpenAI's chat completions: OpenAI itself, or a server that speaks its protocol and accepts
     * a JSON schema, such as Ollama, vLLM or llama.cpp. The schema of an answer is always sent.
     *
     * @param baseUrl with the version, for example {@code http://localhost:11434/v1}
     * @param apiKey empty if the server asks for none
     */
    public static LanguageModel openAi(URI baseUrl, String apiKey, String model) {
        ModelEndpoint endpoint = new ModelEndpoint(baseUrl, apiKey, model);
        return new LangChain4jLanguageModel(
                openAi(endpoint, false),
                openAi(endpoint, true),
                ModelDialect.openAi(endpoint.model()),
                endpoint.failures("openai"));
    }

    private static ChatModel openAi(ModelEndpoint endpoint, boolean strict) {
        OpenAiChatModel.OpenAiChatModelBuilder builder = new OpenAiChatModel.OpenAiChatModelBuilder()
                .httpClientBuilder(http())
                .baseUrl(endpoint.address().toString())
                .modelName(endpoint.model())
                .strictJsonSchema(strict)
                .timeout(LONGEST_CALL)
                .maxRetries(0);
        return endpoint.key().isEmpty()
                ? builder.build()
                : builder.apiKey(endpoint.key()).build();
    }

    /**
     * Creates a model behind Anthropic's messages. The schema of an answer is sent if it is strict and the model has
     * structured outputs; the instructions of a prompt are marked for the provider's cache.
     *
     * @param baseUrl with the version, for example {@code https://api.anthropic.com/v1}
     */
    public static LanguageModel anthropic(URI baseUrl, String apiKey, String model) {
        ModelEndpoint endpoint = ModelEndpoint.anthropic(baseUrl, apiKey, model);
        ChatModel chat = new AnthropicChatModel.AnthropicChatModelBuilder()
                .httpClientBuilder(http())
                .baseUrl(endpoint.address().toString())
                .apiKey(endpoint.key())
                .modelName(endpoint.model())
                .cacheSystemMessages(true)
                .timeout(LONGEST_CALL)
                .maxRetries(0)
                .build();
        return new LangChain4jLanguageModel(
                chat, chat, ModelDialect.anthropic(endpoint.model()), endpoint.failures("anthropic"));
    }

    /**
     * Wraps any other model of LangChain4j. The schema of an answer is sent if the model declares
     * {@link Capability#RESPONSE_FORMAT_JSON_SCHEMA}. Configure the model without retries, and so that it responds to
     * interruption.
     *
     * @param id provider and model, for example {@code mistral:mistral-small}
     */
    public static LanguageModel of(String id, ChatModel model) {
        boolean schemas = model.supportedCapabilities().contains(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
        ModelDialect dialect =
                new ModelDialect(true, false, schemas ? ModelDialect.Schemas.ANY : ModelDialect.Schemas.NONE);
        return new LangChain4jLanguageModel(
                model, model, dialect, new ModelFailureMapper(ModelEndpoint.requireName(id), ""));
    }

    private static HttpClientBuilder http() {
        return new JdkHttpClientBuilder().httpClientBuilder(ModelEndpoint.clientBuilder());
    }
}
