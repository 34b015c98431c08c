package io.memos4j.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Answers that come, come slowly, break off or never come, from a server on a real socket. */
class HttpTransportTest {
    private static final WaitLimit PATIENT = WaitLimit.perWait(Duration.ofSeconds(30));
    private static final WaitLimit HASTY = WaitLimit.perWait(Duration.ofMillis(200));

    private final HttpTransport transport =
            new HttpTransport(HttpTransport.clientBuilder(Duration.ofSeconds(5)).build());
    private RawServer server;

    @BeforeEach
    void start() throws IOException {
        server = new RawServer();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        transport.close();
    }

    private String text(WaitLimit limit, long maxBytes) throws IOException, InterruptedException {
        try (HttpResponseStream response = transport.send(server.request(), limit)) {
            return response.readText(maxBytes);
        }
    }

    private static void assertFails(HttpFailureKind kind, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        HttpCallException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(kind));
    }

    @Test
    void anAnswerComesWithItsHeadAndItsBody() throws Exception {
        server.then(201, "X-Name: value\r\n", 5, "hello").then(200, "", 5, "hello");
        try (HttpResponseStream response = transport.send(server.request(), PATIENT)) {
            assertThat(response.status()).isEqualTo(201);
            assertThat(response.isSuccess()).isTrue();
            assertThat(response.header("x-name")).contains("value");
            assertThat(response.readText(5)).isEqualTo("hello");
            assertThat(response.read()).isEmpty();
            assertThat(response.read()).isEmpty();
        }
        try (HttpResponseStream response = transport.send(server.request(), PATIENT)) {
            ByteArrayOutputStream copy = new ByteArrayOutputStream();
            response.copyTo(copy, 5);
            assertThat(copy.toString(StandardCharsets.UTF_8)).isEqualTo("hello");
        }
    }

    @Test
    void anAnswerThatIsTooLongIsBrokenOff() throws Exception {
        RawServer.Script flood = out -> {
            RawServer.write(out, RawServer.head(200, "Transfer-Encoding: chunked\r\n"));
            while (true) {
                RawServer.write(out, RawServer.chunk("x".repeat(1 << 14)));
            }
        };
        server.then(flood).then(flood).then(flood);
        assertFails(HttpFailureKind.ANSWER_TOO_LARGE, () -> text(PATIENT, 100_000));
        assertThat(server.abandoned().await(10, TimeUnit.SECONDS)).isTrue();
        assertFails(HttpFailureKind.ANSWER_TOO_LARGE, () -> {
            try (HttpResponseStream response = transport.send(server.request(), PATIENT)) {
                response.copyTo(new ByteArrayOutputStream(), 100_000);
            }
        });
        assertFails(HttpFailureKind.ANSWER_TOO_LARGE, () -> {
            try (HttpResponseStream response = transport.send(server.request(), PATIENT)) {
                response.events(100_000).next();
            }
        });
    }

    @Test
    void theStatusOfAFailureComesWithTheBeginningOfItsBody() throws Exception {
        server.then(503, "Retry-After: 7\r\n", 10, "overloaded").then(404, "", 0, "");
        try (HttpResponseStream response = transport.send(server.request(), PATIENT)) {
            HttpCallException failure = response.failure(4);
            assertThat(failure.kind()).isEqualTo(HttpFailureKind.SERVER_ERROR);
            assertThat(failure.status()).isEqualTo(503);
            assertThat(failure.body()).isEqualTo("over");
            assertThat(failure.retryAfter()).isEqualTo("7");
        }
        try (HttpResponseStream response = transport.send(server.request(), PATIENT)) {
            assertThat(response.failure(4).body()).isEmpty();
        }
    }

    @Test
    void noRedirectIsFollowed() throws Exception {
        server.then(307, "Location: /y\r\n", 0, "");
        try (HttpResponseStream response = transport.send(server.request(), PATIENT)) {
            assertThat(response.failure(100).kind()).isEqualTo(HttpFailureKind.REDIRECTED);
        }
    }

    @Test
    void eachWaitIsBounded() {
        server.thenHang().thenStall("begin");
        assertFails(HttpFailureKind.TIMED_OUT, () -> text(HASTY, 100));
        assertThatThrownBy(() -> text(HASTY, 100)).hasMessage("no answer within PT0.2S");
    }

    @Test
    void theWholeCallIsBoundedWhilePiecesArrive() {
        server.then(out -> {
            RawServer.write(out, RawServer.head(200, "Transfer-Encoding: chunked\r\n"));
            while (true) {
                RawServer.write(out, RawServer.chunk("x"));
                Thread.sleep(20);
            }
        });
        WaitLimit limit = WaitLimit.perWait(Duration.ofSeconds(30)).within(Duration.ofMillis(300));
        assertFails(HttpFailureKind.TIMED_OUT, () -> text(limit, 1_000_000));
    }

    @Test
    void aCutAnswerIsLostAndAServerThatIsGoneWasNotConnected() throws Exception {
        server.then(200, "", 10, "hell").then(out -> {});
        assertFails(HttpFailureKind.CONNECTION_LOST, () -> text(PATIENT, 100));
        assertFails(HttpFailureKind.CONNECTION_LOST, () -> text(PATIENT, 100));
        server.close();
        assertFails(HttpFailureKind.NOT_CONNECTED, () -> text(PATIENT, 100));
    }

    @Test
    void anEventThatBrokeOffIsNone() throws Exception {
        server.thenStall("data: 1\n", "\ndata: 2\n\nda", "ta: 3\r\n\r\n").then(200, "", 100, "data: 1\n\ndata: 2\n");
        try (HttpResponseStream response = transport.send(server.request(), PATIENT)) {
            ServerSentEventReader events = response.events(100);
            List<String> data = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                data.add(events.next().orElseThrow().data());
            }
            assertThat(data).containsExactly("1", "2", "3");
        }
        try (HttpResponseStream response = transport.send(server.request(), PATIENT)) {
            ServerSentEventReader events = response.events(100);
            assertThat(events.next().map(ServerSentEvent::data)).contains("1");
            assertFails(HttpFailureKind.CONNECTION_LOST, events::next);
        }
        server.then(200, "", 19, "data: 1\n\ndata: last");
        try (HttpResponseStream response = transport.send(server.request(), PATIENT)) {
            ServerSentEventReader events = response.events(100);
            assertThat(events.next().map(ServerSentEvent::data)).contains("1");
            assertThat(events.next()).isEqualTo(Optional.empty());
        }
    }

    @Test
    void anInterruptEndsTheWaitForHeadAndBody() throws Exception {
        server.thenHang().thenStall("begin");
        for (int i = 0; i < 2; i++) {
            CompletableFuture<Throwable> failure = new CompletableFuture<>();
            Thread caller = Thread.ofVirtual().start(() -> {
                try {
                    text(PATIENT, 100);
                } catch (IOException | InterruptedException e) {
                    failure.complete(e);
                }
            });
            Thread.sleep(100);
            caller.interrupt();
            assertThat(failure.get()).isInstanceOf(InterruptedException.class);
        }
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> text(PATIENT, 100)).isInstanceOf(InterruptedException.class);
    }

    @Test
    void aTokenEndsTheWaitForHeadAndBodyAndRefusesFurtherCalls() throws Exception {
        server.thenHang().thenStall("begin");
        CancellationToken first = new CancellationToken();
        CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> send(first));
        Thread.sleep(100);
        first.cancel();
        assertCancelled(waiting);
        assertFails(HttpFailureKind.CANCELLED, () -> transport.send(server.request(), PATIENT, first));

        CancellationToken second = new CancellationToken();
        try (HttpResponseStream response = transport.send(server.request(), PATIENT, second)) {
            assertThat(new String(response.read(), StandardCharsets.UTF_8)).isEqualTo("begin");
            second.cancel();
            assertFails(HttpFailureKind.CANCELLED, response::read);
        }
    }

    @Test
    void closingEndsRunningCallsAndRefusesFurtherOnes() throws Exception {
        server.thenHang().thenStall("begin");
        CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> send(new CancellationToken()));
        Thread.sleep(100);
        try (HttpResponseStream response = transport.send(server.request(), PATIENT)) {
            response.read();
            transport.close();
            assertFails(HttpFailureKind.CANCELLED, response::read);
        }
        assertCancelled(waiting);
        assertFails(HttpFailureKind.CANCELLED, () -> text(PATIENT, 100));
    }

    private void send(CancellationToken token) {
        try (HttpResponseStream response = transport.send(server.request(), PATIENT, token)) {
            response.readText(100);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void assertCancelled(CompletableFuture<Void> call) {
        assertThatThrownBy(call::get)
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseInstanceOf(HttpCallException.class)
                .hasRootCauseMessage("the call was cancelled");
    }
}
