package io.memos4j.core.parametric;

import io.memos4j.spi.Vault;

/** A training that goes on as long as what it teaches is so. Thread-safe. */
final class Running {
    private final Vault vault;
    private final Lesson lesson;
    private volatile boolean touched;
    private volatile boolean ended;

    Running(Vault vault, Lesson lesson) {
        this.vault = vault;
        this.lesson = lesson;
    }

    /** Something in the cube was changed; whether it is taught here is looked up before the next step. */
    void touched() {
        touched = true;
    }

    boolean goesOn() {
        if (touched) {
            touched = false;
            ended = ended || !vault.<Boolean>read(reader -> reader.adapters().areSo(lesson.cube(), lesson.sources()));
        }
        return !ended;
    }
}
