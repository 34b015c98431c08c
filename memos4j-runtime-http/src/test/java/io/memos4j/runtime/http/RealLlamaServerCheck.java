package io.memos4j.runtime.http;

import io.memos4j.spi.runtime.ActivationRuntime;
import io.memos4j.testkit.gguf.RandomLlama;
import io.memos4j.testkit.runtime.ActivationRuntimeCallsContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/**
 * The contract against a real llama-server. Not part of the build, which has none: {@code mvn test -pl
 * memos4j-runtime-http -am -Dtest=RealLlamaServerCheck -Dtest.jvm.args=-Dllama.server=FILE}; {@code llama.args}
 * replaces the recommended arguments, and with {@code llama.adapters=true} the server has an adapter, which must not
 * show.
 */
class RealLlamaServerCheck extends ActivationRuntimeCallsContract {
    private final List<RealLlamaServer> servers = new ArrayList<>();

    @Override
    protected ActivationRuntime open() {
        try {
            Path model = folder.resolve("model.gguf");
            if (Files.notExists(model)) {
                RandomLlama.tiny(1).template(RandomLlama.CHATML).write(model);
            }
            String arguments = System.getProperty("llama.args", RealLlamaServer.RECOMMENDED);
            if (Boolean.getBoolean("llama.adapters")) {
                arguments +=
                        " --lora " + RandomLoraAdapter.write(model, folder, 1).gguf();
            }
            RealLlamaServer server = new RealLlamaServer(model, arguments);
            servers.add(server);
            return server.runtime();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected boolean sharesForks() {
        return false;
    }

    @AfterEach
    void stop() {
        servers.forEach(RealLlamaServer::close);
    }
}
