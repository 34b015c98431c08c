package io.memos4j.bench.performance;

import io.memos4j.api.tasks.TaskKind;
import io.memos4j.api.tasks.TaskRequest;
import io.memos4j.core.MemOs;
import io.memos4j.core.MemOsConfig;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** The process whose processor time {@link IdleBenchmark} measures: many cubes with tasks scheduled for later. */
final class IdleSchedulerProcess {
    private static final Duration SETTLING = Duration.ofSeconds(20);

    private IdleSchedulerProcess() {}

    /**
     * Prints the percentage of a core that the process used.
     *
     * @param arguments the data directory, the number of cubes, the number of seconds
     */
    public static void main(String[] arguments) throws InterruptedException {
        try (MemOs memos = MemOs.open(MemOsConfig.at(Path.of(arguments[0])).withoutEmbedder())) {
            Instant later = Instant.now().plus(Duration.ofDays(1));
            for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
                memos.cube("cube-" + i).add("Memory number " + i);
                for (TaskKind kind : new TaskKind[] {TaskKind.EXPIRE, TaskKind.DECAY, TaskKind.CAPACITY}) {
                    memos.scheduler()
                            .submit(
                                    memos.cube("cube-" + i).id(),
                                    TaskRequest.of(kind).dueAt(later));
                }
            }
            for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
                memos.scheduler().maintain(memos.cube("cube-" + i).id(), Duration.ofMinutes(1));
                memos.scheduler()
                        .submit(
                                memos.cube("cube-" + i).id(),
                                TaskRequest.of(TaskKind.DECAY).dueAt(later));
            }
            Thread.sleep(SETTLING);
            Duration seconds = Duration.ofSeconds(Integer.parseInt(arguments[2]));
            long before = processorNanos();
            long start = System.nanoTime();
            Thread.sleep(seconds);
            System.out.println(100.0 * (processorNanos() - before) / (System.nanoTime() - start));
        }
    }

    private static long processorNanos() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getProcessCpuTime()
                : 0;
    }
}
