package io.memos4j.runtime.http;

import io.memos4j.spi.ActivationRuntime;

/**
 * Inference servers as activation runtimes.
 */
public final class HttpRuntimes {
    private HttpRuntimes() {}

    public static ActivationRuntime llamaServer(HttpRuntimeOptions options) {
        return opened(options, LlamaServer::open);
    }

    private interface Opening {
        Server open(Connection connection, HttpRuntimeOptions options);
    }

    private static ActivationRuntime opened(HttpRuntimeOptions options, Opening opening) {
        Connection connection = new Connection(options);
        try {
            return new HttpRuntime(connection, opening.open(connection, options));
        } catch (RuntimeException e) {
            connection.close();
            throw e;
        }
    }
}
