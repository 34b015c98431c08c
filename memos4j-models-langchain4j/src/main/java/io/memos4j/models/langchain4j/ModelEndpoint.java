package io.memos4j.models.langchain4j;

import io.memos4j.api.MemoryException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;

/** What all calls over HTTP have in common: which addresses, keys and names are usable, and the client. */
final class ModelEndpoint {
    private static final Duration CONNECT = Duration.ofSeconds(15);

    private ModelEndpoint() {}

    /**
     * A client that speaks HTTP/1.1: the offer of HTTP/2 on a plain connection makes uvicorn (vLLM) lose the body of
     * the request.
     */
    static HttpClient.Builder client() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT);
    }

    static URI address(URI address) {
        boolean http = "http".equalsIgnoreCase(address.getScheme()) || "https".equalsIgnoreCase(address.getScheme());
        if (!http || address.getHost() == null) {
            throw MemoryException.invalid(
                    "The address of a model must start with http:// or https:// and name a host.");
        }
        if (address.getRawUserInfo() != null) {
            throw MemoryException.invalid(
                    "The address of a model must not hold a user or password; give the key apart.");
        }
        return address;
    }

    /** The key without the white space around it. The JDK would print a key that no header may hold. */
    static String key(String key) {
        String stripped = key.strip();
        if (!stripped.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw MemoryException.invalid(
                    "The key of a model must consist of visible ASCII characters. Check where it comes from.");
        }
        return stripped;
    }

    static String name(String name) {
        if (name.isBlank()) {
            throw MemoryException.invalid("The name of a model must not be blank.");
        }
        return name.strip();
    }
}
