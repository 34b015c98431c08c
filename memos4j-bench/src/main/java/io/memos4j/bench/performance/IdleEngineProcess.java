package io.memos4j.bench.performance;

import io.memos4j.core.MemOs;
import io.memos4j.core.MemOsConfig;
import java.nio.file.Path;

/** The process that {@link ResidentMemory#idleEngine} measures. */
final class IdleEngineProcess {
    private IdleEngineProcess() {}

    public static void main(String[] arguments) throws InterruptedException {
        try (MemOs memos = MemOs.open(MemOsConfig.at(Path.of(arguments[0])).withoutEmbedder())) {
            memos.cube("idle").add("One memory to be found");
            memos.cube("idle").search("memory");
            System.out.println("idle");
            Thread.currentThread().join();
        }
    }
}
