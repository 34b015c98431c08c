package io.memos4j.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Which calls are sent again, after what, and how soon; against a server that follows a script. */
class RetryTest {
    private static final String ADDED = "{\"items\":[],\"warnings\":[],\"replayed\":false,\"tasks\":[]}";

    private final Queue<Step> script = new ConcurrentLinkedQueue<>();
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final List<String> idempotencyKeys = new CopyOnWriteArrayList<>();
    private final List<Duration> pauses = new CopyOnWriteArrayList<>();
    private final CountDownLatch end = new CountDownLatch(1);
    private HttpServer http;
    private CubeClient cube;

    /** Answers one call. */
    private interface Step {
        void play(HttpExchange exchange) throws IOException;
    }

    @BeforeEach
    void start() throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.setExecutor(Thread::startVirtualThread);
        http.createContext("/", exchange -> {
            seen.add(
                    exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath());
            idempotencyKeys.addAll(exchange.getRequestHeaders().getOrDefault("Idempotency-Key", List.of()));
            exchange.getRequestBody().readAllBytes();
            script.remove().play(exchange);
        });
        http.start();
        cube = client(ClientOptions.DEFAULT).cube("a");
    }

    @AfterEach
    void stop() {
        end.countDown();
        http.stop(0);
    }

    private MemoryClient client(ClientOptions setting) {
        return MemoryClient.connect(
                "http://127.0.0.1:" + http.getAddress().getPort() + "/", "key", setting, pauses::add);
    }

    private static Step answer(int status, String body) {
        return exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        };
    }

    private static Step problem(int status, String code, boolean retryable) {
        return answer(
                status,
                "{\"code\":\"" + code + "\",\"detail\":\"No.\",\"retryable\":" + retryable + ",\"request_id\":\"r1\"}");
    }

    private static Step limited(String seconds) {
        return exchange -> {
            exchange.getResponseHeaders().set("Retry-After", seconds);
            problem(429, "rate_limited", true).play(exchange);
        };
    }

    private void script(Step... steps) {
        script.addAll(List.of(steps));
    }

    private void assertCode(String code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        MemoryClientException.class,
                        failure -> assertThat(failure.code()).isEqualTo(code));
    }

    @Test
    void anAddIsRepeatedUnderTheSameKeyAfterGrowingPauses() {
        script(
                problem(503, "closed", true),
                HttpExchange::close,
                problem(507, "storage_full", true),
                answer(202, ADDED));
        cube.add("once");
        assertThat(seen).hasSize(4).containsOnly("POST /v1/cubes/a/memories");
        assertThat(idempotencyKeys).hasSize(4);
        assertThat(idempotencyKeys.stream().distinct()).hasSize(1);
        assertThat(pauses).hasSize(3);
        assertThat(pauses.get(0)).isBetween(Duration.ofMillis(100), Duration.ofMillis(200));
        assertThat(pauses.get(1)).isBetween(Duration.ofMillis(200), Duration.ofMillis(400));
        assertThat(pauses.get(2)).isBetween(Duration.ofMillis(400), Duration.ofMillis(800));
    }

    @Test
    void twoAddsHaveTwoKeys() {
        script(answer(202, ADDED), answer(202, ADDED));
        cube.add("one");
        cube.add("two");
        assertThat(idempotencyKeys.stream().distinct()).hasSize(2);
    }

    @Test
    void theServerSaysHowLongToWait() {
        script(limited("3"), answer(202, ADDED));
        cube.add("once");
        assertThat(pauses).containsExactly(Duration.ofSeconds(3));
    }

    @Test
    void whoShouldWaitForTooLongIsToldSo() {
        script(limited("3600"));
        assertCode("rate_limited", () -> cube.add("once"));
        assertThat(pauses).isEmpty();
    }

    @Test
    void triesComeToAnEnd() {
        script(
                problem(503, "closed", true),
                problem(503, "closed", true),
                problem(503, "closed", true),
                problem(503, "closed", true));
        assertCode("closed", () -> cube.search("x"));
        assertThat(seen).hasSize(4);
        script(problem(503, "closed", true));
        assertCode("closed", () -> client(ClientOptions.DEFAULT.trying(1)).cubes());
    }

    @Test
    void whatWillNotSucceedIsNotRepeated() {
        script(problem(500, "internal", false));
        assertCode("internal", () -> cube.search("x"));
        assertThat(seen).hasSize(1);
    }

    @Test
    void aChangeThatMayHaveHappenedIsNotRepeated() {
        script(problem(503, "closed", true), HttpExchange::close, problem(503, "closed", true));
        assertCode("closed", () -> cube.helpful("1"));
        assertCode(MemoryClientException.UNREACHABLE, () -> cube.update("1", ItemEdit.text("x")));
        assertCode("closed", () -> cube.delete("1"));
        assertThat(seen).hasSize(3);
        assertThat(pauses).isEmpty();
    }

    @Test
    void aChangeThatWasRefusedForTheRateIsRepeated() {
        script(limited("1"), answer(200, "{\"selected\":[\"1\"],\"derived\":[],\"count\":1}"));
        assertThat(cube.delete("1").count()).isEqualTo(1);
    }

    @Test
    void aServerThatIsNotThereIsTriedAgainAlsoForChanges() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        MemoryClient nowhere =
                MemoryClient.connect("http://127.0.0.1:" + free, "key", ClientOptions.DEFAULT, pauses::add);
        assertThatThrownBy(() -> nowhere.cube("a").delete("1"))
                .isInstanceOfSatisfying(MemoryClientException.class, failure -> {
                    assertThat(failure.code()).isEqualTo(MemoryClientException.UNREACHABLE);
                    assertThat(failure.status()).isZero();
                    assertThat(failure.retryable()).isTrue();
                });
        assertThat(pauses).hasSize(3);
    }

    @Test
    void anAnswerThatDoesNotComeIsGivenUp() {
        Step silence = exchange -> {
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
        script(silence, silence);
        MemoryClient hasty = client(
                ClientOptions.DEFAULT.answeringWithin(Duration.ofMillis(200)).trying(2));
        assertCode(MemoryClientException.TIMEOUT, () -> hasty.cube("a").get("1"));
        assertThat(seen).hasSize(2);
    }

    @Test
    void anInterruptEndsACallAndStaysSet() {
        Thread.currentThread().interrupt();
        assertCode(MemoryClientException.INTERRUPTED, () -> cube.search("x"));
        assertThat(Thread.interrupted()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html>Bad gateway</html>", "", "[]", "{\"other\":1}"})
    void whatStandsInFrontOfTheServerIsQuotedAndTriedAgain(String body) {
        script(answer(502, body), answer(502, body), answer(502, body), answer(502, body));
        assertThatThrownBy(() -> cube.search("x"))
                .isInstanceOfSatisfying(MemoryClientException.class, failure -> {
                    assertThat(failure.code()).isEqualTo(MemoryClientException.UNEXPECTED_ANSWER);
                    assertThat(failure.status()).isEqualTo(502);
                })
                .hasMessageContaining(body);
        assertThat(seen).hasSize(4);
    }

    @Test
    void anAnswerThatIsNoJsonIsRefused() {
        script(answer(200, "<html>Welcome</html>"));
        assertCode(MemoryClientException.UNEXPECTED_ANSWER, () -> cube.search("x"));
    }

    @Test
    void whatALaterServerAddsIsPassedOver() {
        script(answer(202, ADDED.replace("{\"items\"", "{\"new_field\":{\"a\":1},\"items\"")));
        assertThat(cube.add("x").items()).isEmpty();
    }
}
