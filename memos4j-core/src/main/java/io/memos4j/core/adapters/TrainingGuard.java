package io.memos4j.core.adapters;

import io.memos4j.spi.vault.Vault;

/** A training that goes on as long as what it teaches is so. Thread-safe. */
final class TrainingGuard {
    private final Vault vault;
    private final TrainingJob lesson;
    private volatile boolean markChanged;
    private volatile boolean ended;

    TrainingGuard(Vault vault, TrainingJob lesson) {
        this.vault = vault;
        this.lesson = lesson;
    }

    /** Something in the cube was changed; whether it is taught here is looked up before the next step. */
    void markChanged() {
        markChanged = true;
    }

    boolean mayContinue() {
        if (markChanged) {
            markChanged = false;
            ended = ended
                    || !vault.<Boolean>read(
                            reader -> reader.adapters().areSourcesUnchanged(lesson.cube(), lesson.sources()));
        }
        return !ended;
    }
}
