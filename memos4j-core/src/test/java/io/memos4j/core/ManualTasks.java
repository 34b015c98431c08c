package io.memos4j.core;

import io.memos4j.api.tasks.TaskKind;
import io.memos4j.core.MemOsConfig.Background;
import java.util.EnumSet;
import java.util.List;

/** Engines of which a test runs the tasks itself. */
final class ManualTasks {
    private ManualTasks() {}

    /** Only vectors are computed in the background. */
    static MemOsConfig of(MemOsConfig config) {
        return config.withBackground(new Background(EnumSet.complementOf(EnumSet.of(TaskKind.EMBED)), List.of()));
    }
}
