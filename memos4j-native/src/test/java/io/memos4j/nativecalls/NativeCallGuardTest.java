package io.memos4j.nativecalls;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class NativeCallGuardTest {
    @Test
    void closingWaitsForRunningCallsAndFreesOnce() throws Exception {
        AtomicInteger released = new AtomicInteger();
        AtomicBoolean ended = new AtomicBoolean();
        CountDownLatch inside = new CountDownLatch(1);
        NativeCallGuard guard = new NativeCallGuard("embedder", () -> {
            assertThat(ended).isTrue();
            released.incrementAndGet();
        });
        Thread caller = Thread.ofPlatform()
                .start(() -> guard.call(() -> {
                    inside.countDown();
                    sleep();
                    ended.set(true);
                    return true;
                }));
        inside.await();

        guard.close();
        guard.close();

        assertThat(released).hasValue(1);
        caller.join();
        assertThatThrownBy(() -> guard.call(() -> true))
                .isInstanceOfSatisfying(
                        MemoryException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.CLOSED))
                .hasMessage("The embedder is closed.");
    }

    @Test
    void callsRunSideBySide() throws Exception {
        try (NativeCallGuard guard = new NativeCallGuard("embedder", () -> {})) {
            CountDownLatch both = new CountDownLatch(2);
            Thread other = Thread.ofPlatform().start(() -> guard.call(() -> meet(both)));
            assertThat(guard.call(() -> meet(both))).isTrue();
            other.join();
        }
    }

    private static boolean meet(CountDownLatch both) {
        both.countDown();
        try {
            both.await();
            return true;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
