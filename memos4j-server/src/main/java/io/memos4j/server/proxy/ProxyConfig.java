package io.memos4j.server.proxy;

import java.net.URI;
import java.time.Duration;

/**
 * Where calls go and what is added to them.
 *
 * @param upstream the base address of a provider, for example {@code https://api.openai.com/v1}
 * @param apiKey the provider's; empty for none
 * @param timeout how long the provider may be silent
 * @param recall what is added to a call
 * @param capture whether what was said is remembered
 */
public record ProxyConfig(URI upstream, String apiKey, Duration timeout, Recall recall, boolean capture) {
    /**
     * What is added to a call.
     *
     * @param maxTokens of recalled memories
     * @param profileTokens of what is known about the user, in front of the conversation; 0 for none
     * @param required whether a call is refused rather than forwarded without memories when recalling fails
     */
    public record Recall(int maxTokens, int profileTokens, boolean required) {}

    /** Without the key, so that it gets into no log. */
    @Override
    public String toString() {
        return "ProxyConfig[" + upstream + ", " + timeout + ", " + recall + ", capture " + capture + "]";
    }
}
