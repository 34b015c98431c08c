package io.memos4j.server.http;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.net.URI;
import java.util.Optional;

/**
 * The address that the server listens on.
 *
 * @param port 0 for any free port
 * @param tls encrypts connections if present
 */
public record ListenAddress(String host, int port, Optional<TlsKeystore> tls) {
    public static final int MAX_PORT = 65_535;

    public ListenAddress {
        if (port < 0 || port > MAX_PORT) {
            throw new MemoryException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "The port must be 0 to " + MAX_PORT + ", it is " + port + ". 0 takes any free port.");
        }
    }

    public ListenAddress withHost(String newHost) {
        return new ListenAddress(newHost, port, tls);
    }

    public ListenAddress withPort(int newPort) {
        return new ListenAddress(host, newPort, tls);
    }

    public ListenAddress withTls(TlsKeystore newTls) {
        return new ListenAddress(host, port, Optional.of(newTls));
    }

    /** Returns the URL that clients use once the server listens on {@code boundPort}. */
    public URI url(int boundPort) {
        String name = host.contains(":") ? "[" + host + "]" : host;
        return URI.create((tls.isPresent() ? "https://" : "http://") + name + ":" + boundPort);
    }
}
