package io.memos4j.nativecalls;

/** An action that runs once: when it is closed, or when the JVM exits, which waits for it. Thread-safe. */
final class JvmExitHook implements AutoCloseable {
    private final Runnable action;
    private final Thread hook;

    /** Registers an action, which must be idempotent and return only when it is done. */
    JvmExitHook(String owner, Runnable action) {
        this.action = action;
        this.hook = new Thread(action, owner + "-shutdown");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    @Override
    public void close() {
        try {
            action.run();
        } finally {
            unregister();
        }
    }

    private void unregister() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is already exiting; the hook finds nothing left to do.
        }
    }
}
