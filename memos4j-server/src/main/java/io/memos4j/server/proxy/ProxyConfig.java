package io.memos4j.server.proxy;

import java.net.URI;
import java.time.Duration;

/**
 * The configuration of the chat completions proxy.
 *
 * @param upstream the base URL of a provider, such as {@code https://api.openai.com/v1}
 * @param apiKey the provider's key; empty for none
 * @param timeout how long the provider may be silent
 * @param recall the memories added to a request
 * @param capture whether conversations are remembered
 */
public record ProxyConfig(URI upstream, String apiKey, Duration timeout, Recall recall, boolean capture) {
    /**
     * The memories added to a request.
     *
     * @param maxTokens the token budget of recalled memories
     * @param profileTokens the token budget of the user's profile, which precedes the conversation; 0 for none
     * @param required whether a request fails, rather than being forwarded without memories, if recall fails
     */
    public record Recall(int maxTokens, int profileTokens, boolean required) {}

    /** Leaves out the key, so that it cannot end up in a log. */
    @Override
    public String toString() {
        return "ProxyConfig[" + upstream + ", " + timeout + ", " + recall + ", capture " + capture + "]";
    }
}
