package io.memos4j.core.tasks;

import io.memos4j.spi.vault.VaultWriter;
import java.time.Instant;
import java.util.function.Consumer;

/** The end of a run. */
public sealed interface TaskOutcome {
    /** Says in a few words what was done. */
    String note();

    /**
     * The task is finished.
     *
     * @param effect committed together with the end, in the name of the task. The cube may have changed since it was
     *     read, so the effect checks again what it changes.
     */
    record Done(String note, Consumer<VaultWriter> effect) implements TaskOutcome {}

    /** The task runs again, after other cubes and tasks. */
    record More(String note) implements TaskOutcome {}

    /** The task cannot continue before {@code due}, for example because a budget is spent. Not a failure. */
    record Wait(Instant due, String note) implements TaskOutcome {}

    static TaskOutcome done(String note) {
        return new Done(note, writer -> {});
    }

    static TaskOutcome done(String note, Consumer<VaultWriter> effect) {
        return new Done(note, effect);
    }

    static TaskOutcome more(String note) {
        return new More(note);
    }

    static TaskOutcome wait(Instant due, String note) {
        return new Wait(due, note);
    }
}
