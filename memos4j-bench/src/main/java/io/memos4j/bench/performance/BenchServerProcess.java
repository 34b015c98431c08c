package io.memos4j.bench.performance;

import io.memos4j.core.MemOs;
import io.memos4j.core.MemOsConfig;
import io.memos4j.server.MemoryServer;
import io.memos4j.server.ServerConfig;
import java.nio.file.Path;
import java.time.Duration;

/** The server process that {@link ServerBenchmark} loads. */
final class BenchServerProcess {
    private BenchServerProcess() {}

    /**
     * Prints the key and the address of the server.
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

    /** Returns a configuration without a rate limit. */
    private static ServerConfig config() {
        ServerConfig config = ServerConfig.defaults();
        return config.withPort(0)
                .withLimits(config.limits().withCallsPerSecond(0).withIdle(Duration.ofMinutes(10)));
    }
}
