package io.memos4j.models.langchain4j;

import io.memos4j.api.MemoryException;
import io.memos4j.http.HttpEndpoints;
import io.memos4j.http.HttpTransport;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;

/**
 * The address of a model, the key that opens it and the name that it has there. Its text does not show the key.
 *
 * @param key empty if the server asks for none
 */
record ModelEndpoint(URI address, String key, String model) {
    private static final Duration CONNECT = Duration.ofSeconds(15);

    ModelEndpoint {
        HttpEndpoints.requireAddress(address, "a model", MemoryException::invalid);
        key = HttpEndpoints.requireKey(key, "a model", MemoryException::invalid);
        model = requireName(model);
    }

    /** Creates an endpoint of Anthropic's protocol, which asks for a key. */
    static ModelEndpoint anthropic(URI address, String key, String model) {
        ModelEndpoint endpoint = new ModelEndpoint(address, key, model);
        if (endpoint.key.isEmpty()) {
            throw MemoryException.invalid(
                    "Anthropic's protocol asks for a key; give any key if the server checks none.");
        }
        return endpoint;
    }

    static String requireName(String name) {
        if (name.isBlank()) {
            throw MemoryException.invalid("The name of a model must not be blank.");
        }
        return name.strip();
    }

    /** Configures the JDK's client for a model. */
    static HttpClient.Builder clientBuilder() {
        return HttpTransport.clientBuilder(CONNECT);
    }

    /** Creates the failures of this model, which are named after its provider. */
    ModelFailureMapper failures(String provider) {
        return new ModelFailureMapper(provider + ":" + model, key);
    }

    URI resolve(String path) {
        return HttpEndpoints.resolve(address, path);
    }

    @Override
    public String toString() {
        return "ModelEndpoint[address=" + address + ", model=" + model + "]";
    }
}
