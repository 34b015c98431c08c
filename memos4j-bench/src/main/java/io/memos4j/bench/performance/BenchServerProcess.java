package io.memos4j.bench.performance;

import io.memos4j.core.MemOs;
import io.memos4j.core.MemOsConfig;
import io.memos4j.server.MemoryServer;
import io.memos4j.server.ServerConfig;
import java.nio.file.Path;
import java.time.Duration;

/** The server that {@link ServerBenchmark} loads, in a process of its own. */
final class BenchServerProcess {
    private BenchServerProcess() {}

    /**
     * Prints its key and its address.
     *
     * @param arguments the data directory
     */
    public static void main(String[] arguments) throws InterruptedException {
        try (MemOs memos = MemOs.open(MemOsConfig.at(Path.of(arguments[0])).withEmbedder(new SyntheticEmbedder()));
                MemoryServer server = MemoryServer.start(memos, config())) {
            System.out.println(server.firstKey().orElseThrow().secret() + " " + server.url());
            Thread.currentThread().join();
        }
    }

    /** Without a limit of calls. */
    private static ServerConfig config() {
        ServerConfig config = ServerConfig.defaults();
        return config.withPort(0)
                .withLimits(config.limits().withCallsPerSecond(0).withIdle(Duration.ofMinutes(10)));
    }
}
