package io.memos4j.runtime.http;

import io.memos4j.spi.runtime.ActivationRuntime;
import io.memos4j.testkit.runtime.ActivationRuntimeCallsContract;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** The contract against a scripted SGLang. */
class SglangServerTest extends ActivationRuntimeCallsContract {
    private final List<ScriptedInferenceServer> servers = new ArrayList<>();

    @Override
    protected ActivationRuntime open() {
        ScriptedInferenceServer server = new ScriptedSglang(false, true);
        servers.add(server);
        return HttpRuntimes.probe(server.options().handles(4).salt("cube"));
    }

    @AfterEach
    void stop() {
        servers.forEach(ScriptedInferenceServer::close);
    }
}
