package io.memos4j.server;

import io.memos4j.api.ErrorCode;
import io.memos4j.server.http.ServerLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static io.memos4j.testkit.FailureAssertions.refused;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests that configuration errors are reported at startup, with advice. */
class ServerConfigTest {
    @TempDir
    Path directory;

    private ServerConfig read(String text, Map<String, String> environment) throws IOException {
        return ServerConfig.read(Files.writeString(directory.resolve("memos4j.conf"), text), environment);
    }

    private AbstractThrowableAssert<?, ? extends Throwable> assertRefused(String text) {
        return assertRefused(() -> read(text, Map.of()));
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> assertRefused(ThrowingCallable call) {
        return refused(ErrorCode.INVALID_CONFIGURATION, call);
    }

    @Test
    void whatIsNotSaidIsAsInTheDefaults() throws IOException {
        assertThat(read("", Map.of())).isEqualTo(ServerConfig.defaults());
        ServerConfig config = read("server.port = 8080\nlog { format = json, calls = true }", Map.of());
        assertThat(config.address().port()).isEqualTo(8080);
        assertThat(config.address().host()).isEqualTo("127.0.0.1");
        assertThat(config.log()).isEqualTo(new ServerConfig.Log(ServerConfig.LogFormat.JSON, true));
    }

    @Test
    void everySettingIsRead() throws IOException {
        ServerConfig config = read("""
                server { host = "0.0.0.0", port = 1, drain = 3s }
                limits { body = 1 MiB, header = 8 KiB, calls-per-second = 5, connections = 6, idle = 7s }
                backup { directory = "/elsewhere", keep = 2 }
                log { format = JSON, calls = true }
                model.price-per-million-tokens = 2.5
                """, Map.of());
        assertThat(config)
                .isEqualTo(ServerConfig.defaults()
                        .withHost("0.0.0.0")
                        .withPort(1)
                        .withLimits(
                                new ServerLimits(1 << 20, 8 << 10, 5, 6, Duration.ofSeconds(7), Duration.ofSeconds(3)))
                        .withBackups(new ServerConfig.Backups(Optional.of(Path.of("/elsewhere")), 2))
                        .withLog(new ServerConfig.Log(ServerConfig.LogFormat.JSON, true))
                        .withModelPrice(2.5));
    }

    @ParameterizedTest
    @CsvSource({
        "server.prot = 1, server.prot, server.port",
        "limits.bodi = 1 MiB, limits.bodi, limits.body",
        "log.fromat = json, log.fromat, log.format",
        "backup.directry = x, backup.directry, backup.directory"
    })
    void anUnknownSettingNamesTheNearestKnownOne(String text, String wrong, String right) {
        assertRefused(text).hasMessageContaining("'" + wrong + "'").hasMessageContaining("'" + right + "'");
    }

    @ParameterizedTest
    @CsvSource({
        "server.port, 65536, 65535",
        "server.port, -1, 65535",
        "server.drain, -1s, 24 h",
        "limits.body, 1 B, 1 KiB",
        "limits.body, 2 GiB, 1073741824",
        "limits.header, 100, 1 KiB",
        "limits.calls-per-second, -1, 1000000",
        "limits.connections, 0, 1 to",
        "limits.idle, 0s, 1 ms",
        "backup.keep, -1, 0 to",
        "log.format, xml, text or json",
        "model.price-per-million-tokens, -0.1, 0 or more"
    })
    void aValueOutOfBoundsTellsThem(String key, String value, String bound) {
        assertRefused(key + " = " + value)
                .hasMessageContaining("'" + key + "'")
                .hasMessageContaining("memos4j.conf")
                .hasMessageContaining(bound);
    }

    @Test
    void aPortFromTheCommandLineHasTheSameBounds() {
        for (int port : new int[] {-1, 65_536, 700_000}) {
            assertRefused(() -> ServerConfig.defaults().withPort(port))
                    .hasMessageContaining("0 to 65535")
                    .hasMessageContaining("it is " + port);
        }
    }

    @Test
    void aFileThatCannotBeReadIsRefused() {
        assertRefused(() -> ServerConfig.read(directory.resolve("missing.conf")))
                .hasMessageContaining("no readable file")
                .hasMessageContaining("missing.conf");
        assertRefused("server { port = ").hasMessageContaining("Cannot read the configuration");
        assertRefused("server.port = many").hasMessageContaining("server.port");
        assertRefused("log.calls = perhaps").hasMessageContaining("log.calls");
    }

    @Test
    void secretsComeFromTheEnvironmentOnly() throws Exception {
        Path keystore = TestCertificates.make(directory.resolve("server.p12"), "from-outside");
        assertRefused("server.tls.password = from-outside").hasMessageContaining("server.tls.password");
        String text = "server.tls { keystore = \"" + keystore + "\", password-env = TEST_PASSWORD }";
        assertRefused(text).hasMessageContaining("environment variable TEST_PASSWORD");
        ServerConfig config = read(text, Map.of("TEST_PASSWORD", "from-outside"));
        assertThat(config.address().tls()).isPresent();
        assertThat(config.toString()).doesNotContain("from-outside");
    }

    @Test
    void aKeystoreThatCannotServeIsRefusedAtOnce() throws Exception {
        Path keystore = TestCertificates.make(directory.resolve("server.p12"), "right-one");
        String text = "server.tls.keystore = \"" + keystore + "\"";
        assertRefused(() -> read(text, Map.of("MEMOS4J_TLS_PASSWORD", "wrong-one")))
                .hasMessageContaining("the password does not open it")
                .hasMessageNotContaining("wrong-one");
        assertRefused(() -> read(
                        "server.tls.keystore = \"" + directory.resolve("none.p12") + "\"",
                        Map.of("MEMOS4J_TLS_PASSWORD", "x")))
                .hasMessageContaining("none.p12")
                .hasMessageContaining("cannot be read");
        Path other = Files.writeString(directory.resolve("text.p12"), "no keystore");
        assertRefused(() -> read("server.tls.keystore = \"" + other + "\"", Map.of("MEMOS4J_TLS_PASSWORD", "x")))
                .hasMessageContaining("PKCS#12");
    }
}
