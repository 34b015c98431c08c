package io.memos4j.nativecalls;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class NativeThreadTest {
    @Test
    void workRunsInItsOrderOnOneThreadAndTheLastStepAfterIt() throws Exception {
        List<String> ran = new CopyOnWriteArrayList<>();
        NativeThread thread = new NativeThread("memos4j-test");
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        thread.atEnd(() -> ran.add("last on " + Thread.currentThread().getName()));
        thread.execute(() -> {
            begun.countDown();
            await(goOn);
            ran.add("first on " + Thread.currentThread().getName());
        });
        thread.execute(() -> ran.add("second, closed: " + thread.isClosed()));
        begun.await();
        Thread closer = Thread.ofPlatform().start(thread::close);
        while (!thread.isClosed()) {
            Thread.onSpinWait();
        }
        closer.interrupt();
        goOn.countDown();
        closer.join();

        assertThat(ran).containsExactly("first on memos4j-test", "second, closed: true", "last on memos4j-test");
        assertThatThrownBy(() -> thread.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
        thread.close();
        assertThat(ran).hasSize(3);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
