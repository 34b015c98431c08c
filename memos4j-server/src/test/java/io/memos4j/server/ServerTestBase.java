package io.memos4j.server;

import io.memos4j.api.access.Permission;
import io.memos4j.server.RunningServer.Answer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Starts a server for every test, with a client that uses the key of acme's owner. */
public abstract class ServerTestBase {
    @TempDir
    protected Path directory;

    protected RunningServer server;
    protected String key;

    @BeforeEach
    final void startServer() {
        server = RunningServer.at(directory, this::configured);
        key = clientKey();
    }

    @AfterEach
    final void stopServer() {
        server.close();
    }

    /** Returns the key that the client uses. */
    protected String clientKey() {
        return server.keyOf("acme", Permission.ADMIN);
    }

    /** Returns the configuration of the test's server. */
    protected ServerConfig configured(ServerConfig defaults) {
        return defaults;
    }

    protected final Answer get(String path) {
        return server.get(key, path);
    }

    protected final Answer post(String path, String body) {
        return server.post(key, path, body);
    }

    protected final Answer send(String method, String path, String body) {
        return server.send(key, method, path, body);
    }
}
