package io.memos4j.core.adapters;

import io.memos4j.spi.vault.Vault;

/** Stops a training as soon as one of its source memories changes. Thread-safe. */
final class TrainingGuard {
    private final Vault vault;
    private final TrainingJob job;
    private volatile boolean changed;
    private volatile boolean ended;

    TrainingGuard(Vault vault, TrainingJob job) {
        this.vault = vault;
        this.job = job;
    }

    /** Notes that the cube was changed; the sources are checked before the next step. */
    void markChanged() {
        changed = true;
    }

    /** Returns whether all sources are unchanged. */
    boolean mayContinue() {
        if (changed) {
            changed = false;
            ended = ended
                    || !vault.<Boolean>read(reader -> reader.adapters().areSourcesUnchanged(job.cube(), job.sources()));
        }
        return !ended;
    }
}
