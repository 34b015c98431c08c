package io.memos4j.server;

import io.memos4j.core.MemOs;
import io.memos4j.core.MemOsConfig;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** Runs a server in a separate process that can be killed. Prints its URL and, the first time, its key. */
final class ServerProcess {
    private ServerProcess() {}

    public static void main(String[] arguments) throws InterruptedException {
        MemOs memos = MemOs.open(MemOsConfig.at(Path.of(arguments[0])).withoutEmbedder());
        ServerConfig config = ServerConfig.defaults().withPort(0);
        MemoryServer server =
                MemoryServer.start(memos, config.withLimits(config.limits().withCallsPerSecond(0)));
        server.firstKey().ifPresent(issued -> System.out.println("key " + issued.secret()));
        System.out.println("url " + server.url());
        System.out.flush();
        new CountDownLatch(1).await();
    }
}
