package io.memos4j.vault.sqlite;

import io.memos4j.api.ErrorCode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static io.memos4j.testkit.FailureAssertions.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** A pool of two connections that are soon waited for in vain. */
@Timeout(60)
class ReaderPoolTest {
    private static final Duration SOON = Duration.ofMillis(100);
    private static final Duration NEVER = Duration.ofMinutes(10);

    @TempDir
    Path directory;

    private ReaderPool pool(Duration reader, Duration everyone) {
        return new ReaderPool(
                2,
                () -> SqliteVault.connect(directory.resolve("any.db")),
                new ReaderPool.Waits(reader, everyone, SOON));
    }

    private static long one(ReaderPool pool) {
        return pool.read(reader -> reader.sql.number("SELECT 1"));
    }

    @Test
    void aConnectionThatIsBrokenIsReplaced() {
        try (ReaderPool pool = pool(NEVER, NEVER)) {
            for (int i = 0; i < 4; i++) {
                assertThatThrownBy(() -> pool.read(reader -> {
                            reader.sql.close();
                            throw new OutOfMemoryError("simulated");
                        }))
                        .isInstanceOf(OutOfMemoryError.class);
                assertThat(one(pool)).isEqualTo(1);
            }
        }
    }

    @Test
    void aConnectionDoesNotStayInItsTransaction() {
        try (ReaderPool pool = pool(NEVER, NEVER)) {
            for (int i = 0; i < 4; i++) {
                assertThatThrownBy(() -> pool.read(reader -> {
                            reader.sql.execute("ROLLBACK");
                            throw new IllegalStateException("simulated");
                        }))
                        .isInstanceOf(IllegalStateException.class);
                assertThat(one(pool)).isEqualTo(1);
            }
        }
    }

    @Test
    void callersThatNeedEveryConnectionTakeTurns() throws Exception {
        try (ReaderPool pool = pool(NEVER, NEVER);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Long>> results = new ArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                results.add(threads.submit(() -> pool.withoutReaders(() -> 1L)));
                results.add(threads.submit(() -> one(pool)));
            }
            for (Future<Long> result : results) {
                assertThat(result.get()).isEqualTo(1);
            }
        }
    }

    @Test
    void aReadThatDoesNotEndIsNotWaitedForWithoutABound() throws Exception {
        CountDownLatch reading = new CountDownLatch(2);
        CountDownLatch over = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            ReaderPool pool = pool(SOON, SOON);
            List<Future<Boolean>> reads = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                reads.add(threads.submit(() -> pool.read(reader -> {
                    reading.countDown();
                    try {
                        over.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    return true;
                })));
            }
            reading.await();
            refused(ErrorCode.TIMEOUT, () -> pool.withoutReaders(() -> true));
            refused(ErrorCode.TIMEOUT, () -> one(pool));
            pool.close();
            assertThat(pool.isDrained()).isFalse();
            over.countDown();
            for (Future<Boolean> read : reads) {
                assertThat(read.get()).isTrue();
            }
        }
    }
}
