package io.memos4j.runtime.http;

import io.memos4j.spi.ActivationRuntime;
import io.memos4j.testkit.ActivationRuntimeCallsContract;
import io.memos4j.testkit.gguf.RandomLlama;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;

import static org.awaitility.Awaitility.await;

/**
 * The contract against a real llama-server. No part of the build, which has none: {@code mvn test -pl memos4j-runtime-http -am
 * -Dtest=RealLlamaServerCheck -Dtest.jvm.args=-Dllama.server=FILE}; {@code llama.args} are arguments other than the recommended ones.
 */
class RealLlamaServerCheck extends ActivationRuntimeCallsContract {
    private static final String RECOMMENDED = "-c 8192 -np 4 --no-kv-unified --cache-ram 0 -t 1 --no-warmup --jinja";

    private final List<Process> servers = new ArrayList<>();

    @Override
    protected ActivationRuntime open() {
        try {
            Path model = folder.resolve("model.gguf");
            if (Files.notExists(model)) {
                RandomLlama.tiny(1).template(RandomLlama.CHATML).write(model);
            }
            Path slots = Files.createTempDirectory(folder, "slots");
            int port = freePort();
            List<String> command = new ArrayList<>(List.of(
                    System.getProperty("llama.server"),
                    "-m",
                    model.toString(),
                    "--port",
                    String.valueOf(port),
                    "--slot-save-path",
                    slots + "/"));
            command.addAll(List.of(System.getProperty("llama.args", RECOMMENDED).split(" ")));
            servers.add(new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("server.log").toFile())
                    .start());
            HttpRuntimeOptions options = HttpRuntimeOptions.of(URI.create("http://127.0.0.1:" + port))
                    .slotFolder(slots);
            return await().atMost(60, TimeUnit.SECONDS)
                    .ignoreExceptions()
                    .until(() -> HttpRuntimes.llamaServer(options), runtime -> true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected boolean sharesForks() {
        return false;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @AfterEach
    void stop() throws InterruptedException {
        for (Process server : servers) {
            server.destroyForcibly().waitFor();
        }
    }
}
