package io.memos4j.runtime.http;

import io.memos4j.spi.ActivationRuntime;
import io.memos4j.testkit.ActivationRuntimeCallsContract;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** The contract against a scripted SGLang. */
class SglangServerTest extends ActivationRuntimeCallsContract {
    private final List<ScriptedServer> servers = new ArrayList<>();

    @Override
    protected ActivationRuntime open() {
        ScriptedServer server = new ScriptedSglang(false, true);
        servers.add(server);
        return HttpRuntimes.probe(server.options().handles(4).salt("cube"));
    }

    @AfterEach
    void stop() {
        servers.forEach(ScriptedServer::close);
    }
}
