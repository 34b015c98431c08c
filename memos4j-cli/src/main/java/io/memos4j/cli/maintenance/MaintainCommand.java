package io.memos4j.cli.maintenance;

import io.memos4j.api.CubeId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.tasks.MemScheduler;
import io.memos4j.api.tasks.Task;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.api.tasks.TaskQuery;
import io.memos4j.api.tasks.TaskState;
import io.memos4j.cli.command.EngineCommand;
import io.memos4j.cli.command.ExitCode;
import io.memos4j.cli.output.DurationFormat;
import io.memos4j.cli.output.JsonOutput;
import io.memos4j.cli.output.TextOutput;
import io.memos4j.core.MemOs;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs all pending background tasks. */
@Command(
        name = "maintain",
        description = {
            "Run all pending background tasks of a cube now: vectors, relations, merges, summaries, profiles, aging.",
            "Tasks run only while a command runs on the directory, and most are scheduled some minutes after their"
                    + " cause. Run this after a batch of adds, or regularly from cron. No language model is used; see"
                    + " extract."
        })
public final class MaintainCommand extends EngineCommand {
    @Option(names = "--cube", paramLabel = "NAME", description = "The cube (default: default).")
    private Optional<String> cube = Optional.empty();

    @Option(names = "--all", description = "Maintain all cubes, one after the other.")
    private boolean all;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            defaultValue = "1h",
            description = "The time limit per cube (default: ${DEFAULT-VALUE}).")
    private String timeout;

    @Option(names = "--json", description = "Print JSON, one object per cube and line.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        if (all && cube.isPresent()) {
            throw MemoryException.invalid("Give either --cube or --all.");
        }
        return super.call();
    }

    @Override
    protected int run(MemOs memos) {
        Duration longest = DurationFormat.parse(timeout);
        List<CubeId> cubes = all
                ? memos.cubes()
                : List.of(requireCube(memos, cube.orElse("default")).id());
        boolean finished = true;
        for (CubeId each : cubes) {
            finished &= maintain(memos.scheduler(), each, longest);
        }
        return finished ? ExitCode.OK : ExitCode.FAILED;
    }

    private boolean maintain(MemScheduler scheduler, CubeId id, Duration longest) {
        requireRunning(scheduler, id);
        Set<Task> before = new HashSet<>(done(scheduler, id));
        boolean finished = scheduler.maintain(id, longest);
        List<Task> ran = done(scheduler, id).stream()
                .filter(task -> !before.contains(task))
                .toList();
        long dead = scheduler.status(id).count(TaskState.DEAD);
        if (json) {
            Map<String, Object> values = new LinkedHashMap<>();
            values.put("cube", id.value());
            values.put("finished", finished);
            values.put("dead", dead);
            Map<String, Long> kinds = new LinkedHashMap<>();
            ran.forEach(task -> kinds.merge(task.kind().id(), 1L, Long::sum));
            values.put("ran", kinds);
            out().println(JsonOutput.of(values));
        } else {
            print(id, finished, ran);
        }
        if (dead > 0) {
            warn(dead + " tasks of cube '" + id + "' failed for good. See: memos4j tasks --state dead");
        }
        return finished;
    }

    private static List<Task> done(MemScheduler scheduler, CubeId id) {
        return scheduler.list(new TaskQuery(
                Optional.of(id),
                EnumSet.of(TaskState.DONE, TaskState.SCHEDULED),
                EnumSet.allOf(TaskKind.class),
                TaskQuery.MAX_LIMIT));
    }

    private void print(CubeId id, boolean finished, List<Task> ran) {
        TextOutput screen = screen();
        ran.stream()
                .filter(task -> !task.note().isEmpty())
                .collect(Collectors.groupingBy(Task::kind, () -> new EnumMap<>(TaskKind.class), Collectors.toList()))
                .forEach((kind, tasks) -> screen.format(
                        "%-10s %s",
                        kind.id(),
                        tasks.size() == 1
                                ? TextOutput.firstLine(tasks.getFirst().note())
                                : tasks.size() + " tasks"));
        screen.line(
                finished
                        ? "Cube '" + id + "' is up to date."
                        : "Cube '" + id + "' still has pending tasks; run the command again. See: memos4j tasks --cube "
                                + id);
    }

    /** Throws if the tasks of the cube are paused. */
    static void requireRunning(MemScheduler scheduler, CubeId id) {
        if (scheduler.status().paused()) {
            throw MemoryException.invalid("The tasks of all cubes are paused. First: memos4j tasks resume --all");
        }
        if (scheduler.status(id).paused()) {
            throw MemoryException.invalid(
                    "The tasks of cube '" + id + "' are paused. First: memos4j tasks resume --cube " + id);
        }
    }
}
