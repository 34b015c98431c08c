package io.memos4j.client;

import io.memos4j.core.MemOs;
import io.memos4j.core.MemOsConfig;
import io.memos4j.server.MemoryServer;
import io.memos4j.server.ServerConfig;
import java.nio.file.Path;

/** A real server on a free port, with a client that holds the administrator's key. */
record RealServer(MemOs memos, MemoryServer server, String key) implements AutoCloseable {
    static RealServer at(Path directory) {
        MemOs memos = MemOs.open(MemOsConfig.at(directory).withoutEmbedder());
        MemoryServer server = MemoryServer.start(memos, ServerConfig.defaults().withPort(0));
        return new RealServer(memos, server, server.firstKey().orElseThrow().secret());
    }

    MemoryClient client() {
        return client(key);
    }

    MemoryClient client(String other) {
        return MemoryClient.connect(server.url().toString(), other);
    }

    @Override
    public void close() {
        server.close();
        memos.close();
    }
}
