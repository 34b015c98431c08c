package io.memos4j.runtime.http;

import io.memos4j.spi.runtime.ActivationRuntime;
import io.memos4j.testkit.runtime.ActivationRuntimeContract;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;

/** The contract against a scripted llama-server without a slot folder: nothing is saved, nothing is erased. */
class LlamaServerWithoutFolderTest extends ActivationRuntimeContract {
    private final List<ScriptedInferenceServer> servers = new ArrayList<>();

    @Override
    protected ActivationRuntime open() {
        ScriptedInferenceServer server = new ScriptedLlamaServer(4, Optional.empty());
        servers.add(server);
        return HttpRuntimes.probe(server.options());
    }

    @Override
    protected boolean sharesForks() {
        return false;
    }

    @AfterEach
    void stop() {
        servers.forEach(ScriptedInferenceServer::close);
    }
}
