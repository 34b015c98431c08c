package io.memos4j.models.langchain4j;

import io.memos4j.spi.models.ChatModel;
import java.net.URI;

/**
 * Chat models behind providers' APIs that cache prompts.
 *
 * <p>They speak HTTP themselves: LangChain4j marks instructions and user turns for Anthropic's cache, but not answers,
 * so a conversation that is stable up to an answer could not be marked where it ends; and it delivers text on a thread
 * of its own.
 *
 * <p>A call is tried once. Roles that a protocol does not have, such as that of a tool that nobody called, are sent as
 * the user's. Closing a model ends its running calls with {@link io.memos4j.api.ErrorCode#CLOSED}. Keys appear in no
 * message.
 */
public final class ChatModels {
    private ChatModels() {}

    /**
     * Creates a model behind OpenAI's chat completions. OpenAI caches prefixes of prompts by itself; the cache key of a
     * prompt, if it has one, is sent as {@code prompt_cache_key}. Servers that speak the protocol report cached tokens
     * if they can.
     *
     * @param baseUrl with the version, for example {@code https://api.openai.com/v1}
     * @param apiKey empty if the server asks for none
     */
    public static ChatModel openAi(URI baseUrl, String apiKey, String model) {
        ModelEndpoint endpoint = new ModelEndpoint(baseUrl, apiKey, model);
        return new StreamingChatModel(new OpenAiChatProtocol(endpoint), endpoint.failures("openai"));
    }

    /**
     * Creates a model behind Anthropic's messages. The ends of the instructions and of the stable turns are marked with
     * {@code cache_control}.
     *
     * @param baseUrl with the version, for example {@code https://api.anthropic.com/v1}
     */
    public static ChatModel anthropic(URI baseUrl, String apiKey, String model) {
        ModelEndpoint endpoint = ModelEndpoint.anthropic(baseUrl, apiKey, model);
        return new StreamingChatModel(new AnthropicChatProtocol(endpoint), endpoint.failures("anthropic"));
    }
}
