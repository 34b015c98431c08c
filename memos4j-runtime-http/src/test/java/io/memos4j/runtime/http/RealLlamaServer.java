package io.memos4j.runtime.http;

import io.memos4j.spi.runtime.ActivationRuntime;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.awaitility.Awaitility.await;

/** A process of the llama-server that {@code -Dllama.server} names, with a slot folder. */
final class RealLlamaServer implements AutoCloseable {
    static final String RECOMMENDED = "-c 8192 -np 4 --no-kv-unified --cache-ram 0 -t 1 --no-warmup --jinja";

    private final int port;
    private final Path slots;
    private final List<String> command;
    private Process process;

    RealLlamaServer(Path model, String arguments) throws IOException {
        Path folder = model.getParent();
        slots = Files.createTempDirectory(folder, "slots");
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        command = new ArrayList<>(List.of(
                System.getProperty("llama.server"),
                "-m",
                model.toString(),
                "--port",
                String.valueOf(port),
                "--slot-save-path",
                slots + "/"));
        command.addAll(List.of(arguments.split(" ")));
        start(List.of());
    }

    private void start(List<String> more) throws IOException {
        List<String> all = new ArrayList<>(command);
        all.addAll(more);
        process = new ProcessBuilder(all)
                .redirectErrorStream(true)
                .redirectOutput(slots.resolveSibling("server.log").toFile())
                .start();
    }

    /** Restarts it on the same port with more arguments. */
    void restart(List<String> more) throws IOException, InterruptedException {
        process.destroyForcibly().waitFor();
        start(more);
        runtime().close();
    }

    HttpRuntimeOptions options() {
        return HttpRuntimeOptions.of(URI.create("http://127.0.0.1:" + port)).slotFolder(slots);
    }

    /** Opens a runtime when the server is ready. */
    ActivationRuntime runtime() {
        return await().atMost(60, TimeUnit.SECONDS)
                .ignoreExceptions()
                .until(() -> HttpRuntimes.llamaServer(options()), runtime -> true);
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
