package io.memos4j.http;

/**
 * Ends the calls of one caller from another thread; they fail with {@link HttpFailureKind#CANCELLED}. Thread-safe. The
 * caller makes one call at a time.
 */
public final class CancellationToken {
    private Runnable action = () -> {};
    private boolean cancelled;

    /** Ends the running call, if any, and refuses further ones. */
    public void cancel() {
        Runnable now;
        synchronized (this) {
            cancelled = true;
            now = action;
        }
        now.run();
    }

    public synchronized boolean isCancelled() {
        return cancelled;
    }

    /** Replaces the action that {@link #cancel} runs; runs it at once if the token is cancelled already. */
    void onCancel(Runnable newAction) {
        synchronized (this) {
            action = newAction;
            if (!cancelled) {
                return;
            }
        }
        newAction.run();
    }
}
