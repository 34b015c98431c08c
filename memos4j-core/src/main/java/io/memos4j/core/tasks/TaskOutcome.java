package io.memos4j.core.tasks;

import io.memos4j.spi.vault.VaultWriter;
import java.time.Instant;
import java.util.function.Consumer;

/**
 * How a run ends. Its effect is committed together with its end, in the name of the task; by then the cube may have
 * changed since it was read, so the effect looks again at what it changes.
 */
public sealed interface TaskOutcome {
    /** What was done, for people. */
    String note();

    Consumer<VaultWriter> effect();

    /** The task is finished. */
    record Done(String note, Consumer<VaultWriter> effect) implements TaskOutcome {}

    /** There is more to do: other cubes and tasks come first, then the task runs again. */
    record More(String note, Consumer<VaultWriter> effect) implements TaskOutcome {}

    /** Cannot go on before {@code due}, for example because a budget is spent; counts as no failure. */
    record Wait(Instant due, String note, Consumer<VaultWriter> effect) implements TaskOutcome {}

    static TaskOutcome done(String note) {
        return new Done(note, writer -> {});
    }

    static TaskOutcome done(String note, Consumer<VaultWriter> effect) {
        return new Done(note, effect);
    }

    static TaskOutcome more(String note, Consumer<VaultWriter> effect) {
        return new More(note, effect);
    }

    static TaskOutcome wait(Instant due, String note) {
        return new Wait(due, note, writer -> {});
    }
}
