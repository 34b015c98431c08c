package io.memos4j.cli.maintenance;

import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.tasks.MemScheduler;
import io.memos4j.api.tasks.Task;
import io.memos4j.api.tasks.TaskId;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.api.tasks.TaskQuery;
import io.memos4j.api.tasks.TaskRequest;
import io.memos4j.api.tasks.TaskState;
import io.memos4j.cli.command.EngineCommand;
import io.memos4j.cli.command.ExitCode;
import io.memos4j.core.MemOs;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists and controls background tasks. */
@Command(
        name = "tasks",
        description = {
            "List and control background tasks.",
            "  tasks                  list them, newest first; --cube, --state and --kind narrow the list",
            "  tasks status           count the tasks in each state",
            "  tasks show ID          show one task in detail",
            "  tasks run KIND         submit a task; --wait waits until it has run",
            "  tasks cancel ID        cancel a task",
            "  tasks replay ID        run a dead or cancelled task again",
            "  tasks pause, resume    pause or resume the tasks of --cube or --all",
            "",
            "Tasks run only while a command runs on the directory; the next command continues with the remaining ones."
                    + " To run all of them now: memos4j maintain."
        })
public final class TasksCommand extends EngineCommand {
    private static final Duration POLL_INTERVAL = Duration.ofMillis(200);

    /** The actions of the command. */
    private enum Action {
        LIST(false),
        STATUS(false),
        SHOW(true),
        RUN(true),
        CANCEL(true),
        REPLAY(true),
        PAUSE(false),
        RESUME(false);

        private final boolean takesWhat;

        Action(boolean takesWhat) {
            this.takesWhat = takesWhat;
        }
    }

    @Parameters(index = "0", arity = "0..1", paramLabel = "ACTION", defaultValue = "list")
    private Action action;

    @Parameters(index = "1", arity = "0..1", paramLabel = "WHAT")
    private Optional<String> what = Optional.empty();

    @Option(names = "--cube", paramLabel = "NAME")
    private Optional<String> cube = Optional.empty();

    @Option(names = "--all")
    private boolean all;

    @Option(names = "--state", paramLabel = "STATE", split = ",")
    private List<String> states = List.of();

    @Option(names = "--kind", paramLabel = "KIND", split = ",")
    private List<String> kinds = List.of();

    @Option(names = "--limit", paramLabel = "N", defaultValue = "100")
    private int limit;

    @Option(names = "--about", paramLabel = "SUBJECT", defaultValue = "")
    private String about;

    @Option(names = "--wait")
    private boolean wait;

    @Option(names = "--json")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        if (action.takesWhat != what.isPresent()) {
            throw MemoryException.invalid(
                    action.takesWhat
                            ? "Say what to " + verb() + ": memos4j tasks " + verb() + (isRun() ? " KIND" : " ID")
                            : "tasks " + verb() + " takes only options, not '" + what.get() + "'.");
        }
        if (all && action != Action.PAUSE && action != Action.RESUME) {
            throw MemoryException.invalid("--all goes with pause and resume.");
        }
        if (all && cube.isPresent()) {
            throw MemoryException.invalid("Give either --cube or --all.");
        }
        if ((wait || !about.isEmpty()) && !isRun()) {
            throw MemoryException.invalid("--about and --wait go with run.");
        }
        if (isRun() && TaskKind.parse(what.get()) == TaskKind.EXTRACT) {
            throw MemoryException.invalid("Extraction needs a language model: use memos4j extract.");
        }
        return super.call();
    }

    private boolean isRun() {
        return action == Action.RUN;
    }

    private String verb() {
        return action.name().toLowerCase(Locale.ROOT);
    }

    @Override
    protected int run(MemOs memos) {
        MemScheduler scheduler = memos.scheduler();
        TaskPrinter print = new TaskPrinter(out(), json);
        switch (action) {
            case LIST -> list(memos, print);
            case STATUS ->
                print.printStatus(
                        cube.orElse(""),
                        cube.isPresent() ? scheduler.status(requireCubeOption(memos)) : scheduler.status());
            case SHOW -> print.printDetails(requireTask(scheduler));
            case RUN -> {
                return run(memos, print);
            }
            case CANCEL -> cancel(scheduler, print);
            case REPLAY ->
                print.printLine(scheduler.replay(requireTask(scheduler).id()));
            case PAUSE, RESUME -> pause(memos, print);
        }
        return ExitCode.OK;
    }

    private CubeId requireCubeOption(MemOs memos) {
        return requireCube(memos, cube.orElse("default")).id();
    }

    private void list(MemOs memos, TaskPrinter print) {
        Set<TaskState> in = states.isEmpty()
                ? EnumSet.allOf(TaskState.class)
                : states.stream().map(TaskState::parse).collect(Collectors.toSet());
        Set<TaskKind> of = kinds.isEmpty()
                ? EnumSet.allOf(TaskKind.class)
                : kinds.stream().map(TaskKind::parse).collect(Collectors.toSet());
        List<Task> found = memos.scheduler()
                .list(new TaskQuery(cube.map(name -> requireCube(memos, name).id()), in, of, limit));
        found.forEach(print::printLine);
        if (found.isEmpty() && !json) {
            out().println("No tasks.");
        }
    }

    private Task requireTask(MemScheduler scheduler) {
        TaskId id = TaskId.parse(what.orElseThrow());
        return scheduler
                .find(id)
                .orElseThrow(() -> new MemoryException(
                        ErrorCode.TASK_NOT_FOUND,
                        "There is no task " + id
                                + ". Completed tasks are deleted after a day, dead ones after thirty days."
                                + " See: memos4j tasks"));
    }

    private void cancel(MemScheduler scheduler, TaskPrinter print) {
        Task task = requireTask(scheduler);
        if (!scheduler.cancel(task.id())) {
            throw MemoryException.invalid(
                    "Task " + task.id() + " is " + task.state().id() + " already and cannot be cancelled.");
        }
        print.printLine(requireTask(scheduler));
    }

    private void pause(MemOs memos, TaskPrinter print) {
        MemScheduler scheduler = memos.scheduler();
        if (all) {
            if (action == Action.PAUSE) {
                scheduler.pauseAll();
            } else {
                scheduler.resumeAll();
            }
            print.printStatus("", scheduler.status());
            return;
        }
        CubeId id = requireCubeOption(memos);
        if (action == Action.PAUSE) {
            scheduler.pause(id);
        } else {
            scheduler.resume(id);
        }
        print.printStatus(id.value(), scheduler.status(id));
        if (action == Action.RESUME && scheduler.status(id).paused()) {
            warn("The tasks of all cubes are paused. To resume them: memos4j tasks resume --all");
        }
    }

    private int run(MemOs memos, TaskPrinter print) {
        MemScheduler scheduler = memos.scheduler();
        CubeId id = requireCubeOption(memos);
        if (wait) {
            MaintainCommand.requireRunning(scheduler, id);
        }
        Task task = scheduler.submit(
                id, TaskRequest.of(TaskKind.parse(what.orElseThrow())).about(about));
        while (wait && !hasRun(task)) {
            task = scheduler.await(task.id(), POLL_INTERVAL);
        }
        print.printLine(task);
        return wait && (task.state() == TaskState.DEAD || task.state() == TaskState.CANCELLED)
                ? ExitCode.FAILED
                : ExitCode.OK;
    }

    /** Returns true if the task has run, also if it is scheduled again; a failed task waits for another attempt. */
    private static boolean hasRun(Task task) {
        return task.state().isTerminal() || task.state() == TaskState.SCHEDULED && task.attempts() == 0;
    }
}
