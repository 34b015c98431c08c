package io.memos4j.cli.command;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ends the process if closing it takes too long: a signal to end always ends it. What was acknowledged is durable by
 * then.
 */
final class BoundedShutdown implements AutoCloseable {
    private static final Duration MESSAGE = Duration.ofSeconds(1);

    private final CountDownLatch closed = new CountDownLatch(1);

    private BoundedShutdown() {}

    static BoundedShutdown start(Duration longest) {
        BoundedShutdown shutdown = new BoundedShutdown();
        Thread.ofPlatform().name("memos4j-bounded-close").daemon().start(() -> shutdown.endAfter(longest));
        return shutdown;
    }

    private void endAfter(Duration longest) {
        try {
            if (!closed.await(longest.toMillis(), TimeUnit.MILLISECONDS)) {
                // Not on this thread: nobody may read the error stream any more.
                Thread.ofPlatform()
                        .daemon()
                        .start(() -> System.err.println("memos4j: closing did not end within " + longest.toSeconds()
                                + " s; the process ends now. What was acknowledged is stored."))
                        .join(MESSAGE);
                Runtime.getRuntime().halt(ExitCode.TERMINATED);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
