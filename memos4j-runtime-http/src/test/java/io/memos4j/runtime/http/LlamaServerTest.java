package io.memos4j.runtime.http;

import io.memos4j.spi.runtime.ActivationRuntime;
import io.memos4j.testkit.runtime.ActivationRuntimeCallsContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;

/** The contract against a scripted llama-server with a slot folder. */
class LlamaServerTest extends ActivationRuntimeCallsContract {
    private final List<ScriptedInferenceServer> servers = new ArrayList<>();

    @Override
    protected ActivationRuntime open() {
        try {
            ScriptedLlamaServer server =
                    new ScriptedLlamaServer(4, Optional.of(Files.createTempDirectory(folder, "slots")));
            prepare(server);
            servers.add(server);
            return HttpRuntimes.probe(server.options());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Configures the server before its first request. */
    void prepare(ScriptedLlamaServer server) {}

    @Override
    protected boolean sharesForks() {
        return false;
    }

    @AfterEach
    void stop() {
        servers.forEach(ScriptedInferenceServer::close);
    }
}
