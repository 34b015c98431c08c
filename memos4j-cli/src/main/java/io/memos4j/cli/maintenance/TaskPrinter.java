package io.memos4j.cli.maintenance;

import io.memos4j.api.tasks.SchedulerStatus;
import io.memos4j.api.tasks.Task;
import io.memos4j.api.tasks.TaskState;
import io.memos4j.cli.output.JsonOutput;
import io.memos4j.cli.output.TextOutput;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;

/** Prints background tasks, for people or as one JSON object per line. */
record TaskPrinter(PrintWriter out, boolean json) {
    void printLine(Task task) {
        if (json) {
            out.println(JsonOutput.of(JsonOutput.SHAPES.task(task)));
            return;
        }
        String about = task.subject().isEmpty() ? "" : " " + TextOutput.firstLine(task.subject());
        String note = task.note().isEmpty() ? "" : "  " + TextOutput.firstLine(task.note());
        new TextOutput(out)
                .format(
                        "%s  %-9s  %s: %s%s%s",
                        task.id(), task.state().id(), task.cube(), task.kind().id(), about, note);
    }

    void printDetails(Task task) {
        if (json) {
            out.println(JsonOutput.of(JsonOutput.SHAPES.task(task)));
            return;
        }
        TextOutput screen = new TextOutput(out);
        screen.line("id         " + task.id());
        screen.line("cube       " + task.cube());
        screen.line("kind       " + task.kind().id());
        screen.line("about      " + (task.subject().isEmpty() ? "the whole cube" : task.subject()));
        screen.line("state      " + task.state().id() + " since " + task.changedAt());
        screen.line("due        " + task.due());
        task.deadline().ifPresent(deadline -> screen.line("deadline   " + deadline));
        screen.line("priority   " + task.priority());
        screen.line("attempts   " + task.attempts());
        if (task.total() > 0) {
            screen.line("progress   " + task.done() + " of " + task.total());
        }
        screen.line("submitted  " + task.createdAt() + " by " + task.cause());
        screen.wrapped(task.note().isEmpty() ? "-" : task.note(), "note       ", "           ");
    }

    void printStatus(String whose, SchedulerStatus status) {
        if (json) {
            out.println(JsonOutput.of(values(whose, status)));
            return;
        }
        TextOutput screen = new TextOutput(out);
        screen.line("scope      " + (whose.isEmpty() ? "all cubes" : "cube '" + whose + "'"));
        screen.line("paused     " + (status.paused() ? "yes" : "no"));
        for (TaskState state : TaskState.values()) {
            screen.format("%-9s  %d", state.id(), status.count(state));
        }
        screen.line("waiting    " + status.oldestReady().toSeconds() + " s at most for a worker");
        screen.line("model      " + status.callsToday() + " calls, " + status.tokensToday() + " tokens today");
    }

    private static Map<String, Object> values(String whose, SchedulerStatus status) {
        Map<String, Object> values = new LinkedHashMap<>();
        if (!whose.isEmpty()) {
            values.put("cube", whose);
        }
        values.put("paused", status.paused());
        for (TaskState state : TaskState.values()) {
            values.put(state.id(), status.count(state));
        }
        values.put("oldest_ready_ms", status.oldestReady().toMillis());
        values.put("calls_today", status.callsToday());
        values.put("tokens_today", status.tokensToday());
        return values;
    }
}
