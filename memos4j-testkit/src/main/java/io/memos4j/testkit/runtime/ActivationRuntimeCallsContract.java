package io.memos4j.testkit.runtime;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.spi.runtime.ActivationHandle;
import io.memos4j.spi.runtime.ActivationRuntime;
import io.memos4j.spi.runtime.GenerationOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

import static io.memos4j.testkit.FailureAssertions.refused;
import static org.assertj.core.api.Assertions.assertThat;

/** Contract of activation runtimes under calls from several threads. */
public abstract class ActivationRuntimeCallsContract extends ActivationRuntimeContract {
    @Test
    void manyThreadsGetWhatEachWouldGetAlone() throws Exception {
        try (ActivationRuntime runtime = open();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<int[]> prompts = prompts(runtime).subList(0, 4);
            List<int[]> expected = new ArrayList<>();
            for (int[] prompt : prompts) {
                try (ActivationHandle handle = runtime.prefill(prompt)) {
                    expected.add(continuation(handle));
                }
            }
            List<Future<int[]>> running = new ArrayList<>();
            for (int[] prompt : prompts) {
                running.add(threads.submit(() -> {
                    try (ActivationHandle handle = runtime.prefill(prompt)) {
                        return continuation(handle);
                    }
                }));
            }
            for (int i = 0; i < running.size(); i++) {
                assertThat(running.get(i).get()).containsExactly(expected.get(i));
            }
            assertThat(runtime.statistics().handles()).isZero();
            assertThat(runtime.statistics().contextTokens()).isZero();
        }
    }

    @Test
    void aHandleTakesOneCallAtATime() throws Exception {
        try (ActivationRuntime runtime = open();
                ActivationHandle handle = runtime.prefill(tokens(runtime, 20))) {
            handle.generate(GenerationOptions.greedy(2), (token, text) -> {
                refused(ErrorCode.ACTIVATION_BUSY, () -> handle.extend(new int[] {1}));
                refused(ErrorCode.ACTIVATION_BUSY, handle::fork);
                refused(ErrorCode.ACTIVATION_BUSY, handle::logits);
                refused(ErrorCode.ACTIVATION_BUSY, () -> handle.save(folder.resolve("busy")));
                refused(ErrorCode.ACTIVATION_BUSY, () -> handle.generate(GenerationOptions.greedy(1)));
                assertThat(handle.tokens()).hasSize(20);
                return true;
            });
            handle.fork().close();
        }
    }

    @Test
    void aHandleThatIsClosedWhileItGeneratesEndsThere() throws Exception {
        try (ActivationRuntime runtime = open()) {
            ActivationHandle handle = runtime.prefill(tokens(runtime, 20));
            endedBy(handle, handle::close);
            assertThat(runtime.statistics().handles()).isZero();
            assertThat(runtime.statistics().contextTokens()).isZero();
            runtime.prefill(tokens(runtime, 20)).close();
        }
    }

    @Test
    void aRuntimeThatIsClosedWhileItGeneratesEndsThere() throws Exception {
        ActivationRuntime runtime = open();
        ActivationHandle handle = runtime.prefill(tokens(runtime, 20));
        endedBy(handle, runtime::close);
    }

    @Test
    void aSinkMayCloseWhatFeedsIt() {
        ActivationRuntime runtime = open();
        ActivationHandle handle = runtime.prefill(tokens(runtime, 20));
        refused(
                ErrorCode.CLOSED,
                () -> handle.generate(GenerationOptions.greedy(10), (token, text) -> {
                    handle.close();
                    return true;
                }));
        assertThat(runtime.statistics().handles()).isZero();
        ActivationHandle other = runtime.prefill(tokens(runtime, 20));
        refused(
                ErrorCode.CLOSED,
                () -> other.generate(GenerationOptions.greedy(10), (token, text) -> {
                    runtime.close();
                    return true;
                }));
    }

    @Test
    void anInterruptEndsACallAndLeavesTheHandleAsItWas() throws Exception {
        try (ActivationRuntime runtime = open();
                ActivationHandle handle = runtime.prefill(tokens(runtime, 20))) {
            int[] expected = continuation(handle);
            Thread.currentThread().interrupt();
            refused(ErrorCode.INTERRUPTED, () -> handle.extend(tokens(runtime, 20)));
            assertThat(Thread.interrupted()).isTrue();
            refused(
                    ErrorCode.INTERRUPTED,
                    () -> handle.generate(GenerationOptions.greedy(10), (token, text) -> {
                        Thread.currentThread().interrupt();
                        return true;
                    }));
            assertThat(Thread.interrupted()).isTrue();
            assertThat(handle.tokens()).hasSize(20);
            assertThat(continuation(handle)).containsExactly(expected);
        }
    }

    @Test
    void closingAmongManyCallsHarmsNothing() throws Exception {
        for (int round = 0; round < 5; round++) {
            ActivationRuntime runtime = open();
            int[] prompt = tokens(runtime, 30);
            CountDownLatch running = new CountDownLatch(3);
            try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
                Callable<MemoryException> caller = () -> {
                    try {
                        while (true) {
                            try (ActivationHandle handle = runtime.prefill(prompt)) {
                                handle.generate(GenerationOptions.greedy(3));
                            }
                            running.countDown();
                        }
                    } catch (MemoryException e) {
                        return e;
                    }
                };
                List<Future<MemoryException>> callers =
                        List.of(threads.submit(caller), threads.submit(caller), threads.submit(caller));
                running.await();
                runtime.close();
                for (Future<MemoryException> each : callers) {
                    assertThat(each.get().code()).isEqualTo(ErrorCode.CLOSED);
                }
            }
        }
    }

    /** Runs {@code end} from another thread while the handle generates. */
    private static void endedBy(ActivationHandle handle, Runnable end) throws InterruptedException {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        CountDownLatch begun = new CountDownLatch(1);
        Thread generating = Thread.ofPlatform().start(() -> {
            try {
                while (true) {
                    handle.generate(GenerationOptions.greedy(50), (token, text) -> {
                        begun.countDown();
                        return true;
                    });
                }
            } catch (MemoryException e) {
                failure.set(e);
            }
        });
        begun.await();
        end.run();
        generating.join();
        refused(ErrorCode.CLOSED, () -> {
            throw failure.get();
        });
    }
}
