package io.memos4j.models.langchain4j;

import io.memos4j.spi.models.ChatModel;
import java.net.URI;

/**
 * Chat models behind providers' APIs, which are told what will come again.
 *
 * <p>They speak HTTP themselves: LangChain4j marks instructions and turns of users for Anthropic's cache, but no
 * answers, so that a conversation that is stable up to an answer could not be marked where it ends; and it hands text
 * over on a thread of its own.
 *
 * <p>A call is tried once. Roles that a protocol does not know, such as that of a tool that nobody called, are sent as
 * the user's. Closing a model ends its running calls with {@link io.memos4j.api.ErrorCode#CLOSED}. A key appears in no
 * message.
 */
public final class ChatModels {
    private ChatModels() {}

    /**
     * A model behind OpenAI's chat completions. OpenAI keeps beginnings of prompts by itself; the cache key of a prompt
     * is sent as {@code prompt_cache_key}, if it is not empty. Servers that speak the protocol count what they had if
     * they can.
     *
     * @param baseUrl with the version, for example {@code https://api.openai.com/v1}
     * @param apiKey empty if the server asks for none
     */
    public static ChatModel openAi(URI baseUrl, String apiKey, String model) {
        ModelEndpoint endpoint = new ModelEndpoint(baseUrl, apiKey, model);
        return new StreamingChatModel(new OpenAiChatProtocol(endpoint), endpoint.failures("openai"));
    }

    /**
     * A model behind Anthropic's messages. The end of the instructions and the end of the stable turns are marked with
     * {@code cache_control}.
     *
     * @param baseUrl with the version, for example {@code https://api.anthropic.com/v1}
     */
    public static ChatModel anthropic(URI baseUrl, String apiKey, String model) {
        ModelEndpoint endpoint = ModelEndpoint.anthropic(baseUrl, apiKey, model);
        return new StreamingChatModel(new AnthropicChatProtocol(endpoint), endpoint.failures("anthropic"));
    }
}
