package io.memos4j.cli.command;

import io.memos4j.testkit.JavaCommand;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/** A process whose closing hangs ends on SIGTERM all the same. */
@Timeout(120)
class BoundedShutdownIT {
    /** Hangs when it is closed. */
    static final class Hanging {
        private Hanging() {}

        public static void main(String[] arguments) throws InterruptedException {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                try (BoundedShutdown bound = BoundedShutdown.start(Duration.ofMillis(500))) {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }));
            System.out.println("started");
            new CountDownLatch(1).await();
        }
    }

    @Test
    void aProcessThatHangsWhileItClosesEnds() throws Exception {
        Process process = new ProcessBuilder(JavaCommand.of(Hanging.class, List.of()))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            assertThat(process.inputReader().readLine()).isEqualTo("started");
            process.destroy();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(ExitCode.TERMINATED);
        } finally {
            process.destroyForcibly();
        }
    }
}
