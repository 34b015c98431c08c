package io.memos4j.server;

import io.memos4j.server.http.ServerLimits;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests malicious and broken clients. */
@Timeout(120)
class HostileInputTest extends ServerTestBase {
    @Override
    protected String clientKey() {
        return server.adminKey();
    }

    @Override
    protected ServerConfig configured(ServerConfig defaults) {
        return defaults.withLimits(
                new ServerLimits(1 << 20, 16 << 10, 0, 200, Duration.ofSeconds(1), Duration.ofSeconds(1)));
    }

    private Socket connect() throws IOException {
        return new Socket("127.0.0.1", server.server().url().getPort());
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    private String head(String rest) {
        return "POST /v1/cubes/a/memories HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer " + key
                + "\r\nContent-Type: application/json\r\n" + rest + "\r\n\r\n";
    }

    /** Returns the status line; empty if the server closed the connection without one. */
    private static String statusLine(Socket socket) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int read = socket.getInputStream().read();
                read >= 0 && read != '\r';
                read = socket.getInputStream().read()) {
            line.append((char) read);
        }
        return line.toString();
    }

    @Test
    void aBodyThatSaysToBeHugeIsRefusedBeforeItIsSent() throws IOException {
        try (Socket socket = connect()) {
            write(socket.getOutputStream(), head("Content-Length: 1073741824"));
            assertThat(statusLine(socket)).contains("413");
        }
    }

    @Test
    void aBodyThatGrowsHugeIsCutOff() throws IOException {
        try (Socket socket = connect()) {
            OutputStream out = socket.getOutputStream();
            write(out, head("Transfer-Encoding: chunked"));
            String chunk = "10000\r\n" + " ".repeat(0x10000) + "\r\n";
            int sent = 0;
            try {
                for (; sent < 1024; sent++) {
                    write(out, chunk);
                }
            } catch (IOException e) {
                // The server has closed the connection.
            }
            assertThat(sent).isLessThan(1024);
        }
        assertThat(server.get("", "/v1/health").status()).isEqualTo(200);
    }

    @Test
    void aHeadThatIsTooLargeIsRefused() throws IOException {
        try (Socket socket = connect()) {
            write(
                    socket.getOutputStream(),
                    "GET /v1/health HTTP/1.1\r\nHost: here\r\nX-Bomb: " + "a".repeat(60_000) + "\r\n\r\n");
            assertThat(statusLine(socket)).contains("431");
        }
        try (Socket socket = connect()) {
            StringBuilder many = new StringBuilder("GET /v1/health HTTP/1.1\r\nHost: here\r\n");
            for (int i = 0; i < 5_000; i++) {
                many.append("X-").append(i).append(": 1\r\n");
            }
            write(socket.getOutputStream(), many + "\r\n");
            assertThat(statusLine(socket)).contains("431");
        }
    }

    @Test
    void clientsThatNeverFinishTheirRequestHoldNobodyUp() throws IOException {
        List<Socket> slow = new java.util.ArrayList<>();
        try {
            for (int i = 0; i < 100; i++) {
                Socket socket = connect();
                write(socket.getOutputStream(), i % 2 == 0 ? "GET /v1/hea" : head("Content-Length: 1000") + "{");
                slow.add(socket);
            }
            assertThat(server.get("", "/v1/health").status()).isEqualTo(200);
            for (Socket socket : slow) {
                socket.setSoTimeout(60_000);
                statusLine(socket); // Returns when the server has given the client up.
            }
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
        assertThat(server.get("", "/v1/health").status()).isEqualTo(200);
    }

    @Test
    void noAddressLeadsOutOfTheServer() throws IOException {
        for (String path : List.of(
                "/../../etc/passwd",
                "/docs/../../etc/passwd",
                "/docs/%2e%2e/%2e%2e/etc/passwd",
                "/docs/..%2f..%2fetc%2fpasswd",
                "/docs/%252e%252e%252fpasswd",
                "//etc/passwd",
                "/v1/cubes/..%2F..%2F..%2Fetc%2Fpasswd",
                "/docs/..;/..;/etc/passwd",
                "/%00",
                "/docs/\\..\\..\\etc\\passwd")) {
            try (Socket socket = connect()) {
                write(
                        socket.getOutputStream(),
                        "GET " + path + " HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer " + key
                                + "\r\nConnection: close\r\n\r\n");
                String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertThat(answer).as(path).doesNotContain("root:").startsWith("HTTP/1.1 4");
            }
        }
    }

    @Test
    void syntaxOfOtherLanguagesIsText() {
        for (String text : List.of(
                "'; DROP TABLE item; --",
                "\\\" OR 1=1 --",
                "text:* AND -(foo OR bar)~2^5 [a TO b}",
                "*:*",
                "?*~/regex(.*)+/",
                "a AND",
                "(((((",
                "${jndi:ldap://x/a} #{7*7} {{7*7}}",
                "\\u0000\\u0001\\ud83d\\ude00",
                "%s%n%x",
                "\\u202e\\ufeff")) {
            String cube = "/v1/cubes/h";
            assertThat(posted(
                            cube + "/memories",
                            "{'messages':[{'text':'@ strawberry','speaker':'@','session':'@'}]}",
                            text))
                    .as(text)
                    .isIn(202, 400);
            assertThat(posted(cube + "/search", "{'query':'@ strawberry'}", text))
                    .as(text)
                    .isEqualTo(200);
            assertThat(posted(cube + "/search", "{'query':'strawberry','filter':{'session':'@'}}", text))
                    .as(text)
                    .isIn(200, 400);
            assertThat(posted(cube + "/search", "{'query':'x','filter':{'metadata.@':'@'}}", text))
                    .as(text)
                    .isIn(200, 400);
            assertThat(posted(cube + "/search", "{'query':'x','filter':{'@':1}}", text))
                    .as(text)
                    .isEqualTo(400);
            String encoded = URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
            assertThat(server.get(key, "/v1/cubes/h/memories?cursor=" + encoded).status())
                    .isEqualTo(400);
            assertThat(server.get(key, "/v1/cubes/" + encoded).status())
                    .as(text)
                    .isIn(400, 404);
        }
        assertThat(server.get(key, "/v1/cubes/h").at("/items").intValue()).isPositive();
    }

    /** Returns the status of a request in which this text, in JSON notation, replaces each @. */
    private int posted(String path, String body, String text) {
        return server.raw(key, "POST", path, body.replace('\'', '"').replace("@", text))
                .status();
    }

    @Test
    void aFilterSeesTheCubeOfThePathOnly() {
        server.post(key, "/v1/cubes/mine/memories", "{'text':'strawberry of mine'}");
        server.post(key, "/v1/cubes/other/memories", "{'text':'strawberry of another'}");
        var found = server.post(
                key,
                "/v1/cubes/mine/search",
                "{'query':'strawberry','filter':{'or':[{'type':'note'},{'not':{'type':'note'}}]}}");
        assertThat(found.response().body()).contains("of mine").doesNotContain("of another");
    }

    /** Uses a long idle timeout: a connection could otherwise be closed just as it is reused. */
    @Test
    void manyCallersAtOnceAreAllServed() throws Exception {
        try (RunningServer patient = RunningServer.at(
                        directory.resolve("patient"),
                        config -> config.withLimits(new ServerLimits(
                                1 << 20, 16 << 10, 0, 200, Duration.ofSeconds(30), Duration.ofSeconds(1))));
                var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            String admin = patient.adminKey();
            var calls = IntStream.range(0, 150)
                    .mapToObj(i -> executor.submit(
                            () -> patient.post(admin, "/v1/cubes/many/memories", "{'text':'note " + i + "'}")
                                    .status()))
                    .toList();
            for (var call : calls) {
                assertThat(call.get()).isEqualTo(202);
            }
            assertThat(patient.get(admin, "/v1/cubes/many").at("/items").intValue())
                    .isEqualTo(150);
        }
    }
}
