package io.memos4j.server.http;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.server.http.RequestGate.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class RequestGateTest {
    private final AtomicLong now = new AtomicLong();
    private final List<String> served = Collections.synchronizedList(new ArrayList<>());

    private RequestGate gate(int calls, int shared, int waiting, Duration patience) {
        return new RequestGate(new LoadLimits(1, 1, 1, calls, shared, waiting, patience), now::get);
    }

    private RequestGate gate(int calls, int shared) {
        return gate(calls, shared, 100, Duration.ofMinutes(5));
    }

    /** Has a principal wait for a place on a thread of its own; returns once it waits. */
    private CompletableFuture<Void> waitFor(RequestGate gate, String principal) {
        int before = gate.waiting();
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try (Place place = gate.enter(principal)) {
                served.add(principal);
                done.complete(null);
            } catch (RuntimeException e) {
                done.completeExceptionally(e);
            }
        });
        while (gate.waiting() == before && !done.isDone()) {
            Thread.onSpinWait();
        }
        return done;
    }

    @Test
    void principalsAreServedInTurn() {
        RequestGate gate = gate(1, 1);
        List<CompletableFuture<Void>> calls = new ArrayList<>();
        try (Place first = gate.enter("flood")) {
            for (int i = 0; i < 50; i++) {
                calls.add(waitFor(gate, "flood"));
            }
            calls.add(waitFor(gate, "alice"));
            calls.add(waitFor(gate, "bob"));
        }
        calls.forEach(CompletableFuture::join);
        assertThat(served).hasSize(52);
        assertThat(served.subList(0, 3)).containsExactly("flood", "alice", "bob");
    }

    @Test
    void aPrincipalAloneUsesAllPlaces() {
        RequestGate gate = gate(3, 1);
        try (Place one = gate.enter("alice");
                Place two = gate.enter("alice");
                Place three = gate.enter("alice")) {
            assertThat(gate.waiting()).isZero();
            CompletableFuture<Void> fourth = waitFor(gate, "alice");
            assertThat(fourth).isNotDone();
        }
    }

    @Test
    void whileOthersCallAPrincipalHasItsShareOnly() {
        RequestGate gate = gate(3, 1);
        gate.enter("alice").close();
        try (Place one = gate.enter("flood")) {
            CompletableFuture<Void> second = waitFor(gate, "flood");
            assertThat(second).isNotDone();
            gate.enter("alice").close();
            assertThat(second).isNotDone();
        }
        now.addAndGet(RequestGate.SHARED.toNanos() + 1);
        try (Place one = gate.enter("flood");
                Place two = gate.enter("flood")) {
            assertThat(gate.waiting()).isZero();
        }
    }

    @Test
    void aFullQueueIsRefusedAndOthersAreNot() {
        RequestGate gate = gate(1, 1, 2, Duration.ofMinutes(5));
        Place held = gate.enter("flood");
        List<CompletableFuture<Void>> calls = List.of(waitFor(gate, "flood"), waitFor(gate, "flood"));
        assertThat(catchThrowableOfType(MemoryException.class, () -> gate.enter("flood")))
                .extracting(MemoryException::code)
                .isEqualTo(ErrorCode.RATE_LIMITED);
        CompletableFuture<Void> other = waitFor(gate, "alice");
        held.close();
        other.join();
        calls.forEach(CompletableFuture::join);
        assertThat(served).containsExactlyInAnyOrder("flood", "flood", "alice");
    }

    @Test
    void whoseTurnDoesNotComeInTimeIsRefusedAndLeavesTheQueue() {
        RequestGate gate = gate(1, 1, 2, Duration.ofMillis(1));
        try (Place held = gate.enter("alice")) {
            for (int i = 0; i < 5; i++) {
                assertThat(catchThrowableOfType(MemoryException.class, () -> gate.enter("bob")))
                        .hasMessageContaining("No turn came");
            }
            assertThat(gate.waiting()).isZero();
        }
        gate.enter("bob").close();
    }

    @Test
    void requestsThatWaitOutsideAreBoundedAndTakeNoPlace() {
        RequestGate gate = gate(1, 1, 2, Duration.ofMinutes(5));
        Place first = gate.enterOutside("alice");
        Place second = gate.enterOutside("alice");
        assertThat(catchThrowableOfType(MemoryException.class, () -> gate.enterOutside("alice")))
                .hasMessageContaining("wait for models");
        gate.enterOutside("bob").close();
        gate.enter("alice").close();
        first.close();
        gate.enterOutside("alice").close();
        second.close();
    }

    @Test
    void noPlaceIsLostOrGivenTwice() throws InterruptedException {
        RequestGate gate = gate(4, 2);
        AtomicLong running = new AtomicLong();
        AtomicLong most = new AtomicLong();
        CountDownLatch done = new CountDownLatch(400);
        for (int i = 0; i < 400; i++) {
            String principal = "p" + i % 5;
            Thread.startVirtualThread(() -> {
                try (Place place = gate.enter(principal)) {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    Thread.onSpinWait();
                    running.decrementAndGet();
                }
                done.countDown();
            });
        }
        done.await();
        assertThat(most.get()).isBetween(1L, 4L);
        assertThat(gate.waiting()).isZero();
        gate.enter("p0").close();
    }
}
