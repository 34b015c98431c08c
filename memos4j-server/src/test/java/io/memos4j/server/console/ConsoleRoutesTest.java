package io.memos4j.server.console;

import io.memos4j.server.RunningServer;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class ConsoleRoutesTest {
    private static final Pattern IMPORT = Pattern.compile("from '\\./([^']+)'");

    @TempDir
    static Path directory;

    private static RunningServer server;

    @BeforeAll
    static void start() {
        server = RunningServer.at(directory);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static RunningServer.Answer get(String path) {
        return server.get("", path);
    }

    private static String header(RunningServer.Answer answer, String name) {
        return answer.response().headers().firstValue(name).orElse("");
    }

    private static Map<String, String> files() throws IOException, URISyntaxException {
        Path folder = Path.of(Objects.requireNonNull(ConsoleRoutes.class.getResource("index.html"))
                        .toURI())
                .getParent();
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.list(folder)) {
            for (Path file :
                    all.filter(each -> !each.toString().endsWith(".class")).toList()) {
                files.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        return files;
    }

    @Test
    void thePageIsThereWithoutAKey() {
        var page = get("/");
        assertThat(page.status()).isEqualTo(200);
        assertThat(header(page, "Content-Type")).startsWith("text/html");
        assertThat(page.response().body()).contains("console/app.js");
    }

    @Test
    void theAddressWithoutAFileLeadsToThePage() {
        var found = get("/console");
        assertThat(found.status()).isEqualTo(302);
        assertThat(header(found, "Location")).isEqualTo("/");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/", "/console", "/console/app.js", "/console/base.css", "/console/icon.svg", "/console/none.js"
            })
    void everyAnswerForbidsWhatThePageDoesNotNeed(String path) {
        var answer = get(path);
        assertThat(header(answer, "Content-Security-Policy"))
                .contains(
                        "default-src 'none'",
                        "script-src 'self'",
                        "style-src 'self'",
                        "img-src 'self' data:",
                        "connect-src 'self'",
                        "base-uri 'none'",
                        "form-action 'none'",
                        "frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(header(answer, "X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(header(answer, "Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(header(answer, "Set-Cookie")).isEmpty();
    }

    @Test
    void aFileThatTheBrowserHasIsNotSentAgain() {
        var first = get("/console/app.js");
        String tag = header(first, "ETag");
        assertThat(tag).isNotEmpty();
        assertThat(header(first, "Cache-Control")).isEqualTo("no-cache");
        assertThat(header(first, "Content-Type")).startsWith("text/javascript");
        var second = server.send("", "GET", "/console/app.js", "", Map.of("If-None-Match", "\"other\", " + tag));
        assertThat(second.status()).isEqualTo(304);
        assertThat(second.response().body()).isEmpty();
        assertThat(header(get("/console/api.js"), "ETag")).isNotEqualTo(tag);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/console/none.js",
                "/console/Console.class",
                "/console/..%2Fdefaults.conf",
                "/console/..%2f..%2fserver%2fdefaults.conf",
                "/console/%2e%2e%2fdefaults.conf",
                "/console/..%5Cdefaults.conf",
                "/console/%2Fetc%2Fpasswd",
                "/console/app.js%00.html",
                "/console/APP.JS"
            })
    void nothingElseIsServed(String path) {
        var answer = get(path);
        assertThat(answer.status()).isIn(400, 404);
        assertThat(answer.response().body()).doesNotContain("server {", "root:", "import ");
    }

    @Test
    void everyFileIsServedAndNoneIsMissing() throws Exception {
        for (var file : files().entrySet()) {
            var answer = get("/console/" + file.getKey());
            assertThat(answer.status()).as(file.getKey()).isEqualTo(200);
            assertThat(answer.response().body()).isEqualTo(file.getValue());
            List<String> imported = IMPORT.matcher(file.getValue())
                    .results()
                    .map((MatchResult each) -> each.group(1))
                    .toList();
            assertThat(files().keySet()).containsAll(imported);
        }
    }

    @Test
    void noFileMakesMarkupOfTextOrNamesAnotherHost() throws Exception {
        files().forEach((name, text) -> {
            assertThat(text)
                    .as(name)
                    .doesNotContain(
                            "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function(")
                    .doesNotContain("document.cookie", "localStorage");
            assertThat(text.replace("http://www.w3.org/2000/svg", "")).as(name).doesNotContainPattern("https?://");
            assertThat(text.lines().count()).as(name).isLessThanOrEqualTo(400);
            assertThat(text.getBytes(StandardCharsets.UTF_8).length).as(name).isLessThan(1 << 16);
        });
    }

    @Test
    void aFileTakesNoOtherMethod() {
        assertThat(server.send(server.adminKey(), "POST", "/console/app.js", "{}")
                        .status())
                .isEqualTo(405);
        assertThat(server.send("", "DELETE", "/", "").status()).isEqualTo(401);
    }
}
