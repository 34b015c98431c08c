package io.memos4j.cli.command;

import java.time.Duration;

/**
 * Ends the process if closing it takes too long: a signal to end always ends it. What was acknowledged is durable by
 * then.
 */
final class BoundedShutdown implements AutoCloseable {
    private static final Duration MESSAGE = Duration.ofSeconds(1);

    private final Thread timer;

    private BoundedShutdown(Thread timer) {
        this.timer = timer;
    }

    static BoundedShutdown start(Duration longest) {
        return new BoundedShutdown(Thread.ofPlatform()
                .name("memos4j-bounded-close")
                .daemon()
                .start(() -> {
                    try {
                        Thread.sleep(longest);
                        // Not on this thread: nobody may read the error stream any more.
                        Thread.ofPlatform()
                                .daemon()
                                .start(() ->
                                        System.err.println("memos4j: closing did not end within " + longest.toSeconds()
                                                + " s; the process ends now. What was acknowledged is stored."))
                                .join(MESSAGE);
                        Runtime.getRuntime().halt(ExitCode.TERMINATED);
                    } catch (InterruptedException e) {
                        // Closed in time.
                    }
                }));
    }

    @Override
    public void close() {
        timer.interrupt();
    }
}
