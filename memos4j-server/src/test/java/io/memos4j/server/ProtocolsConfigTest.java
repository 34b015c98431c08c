package io.memos4j.server;

import io.memos4j.api.MemoryException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Tests the settings of MCP and of the proxy. */
class ProtocolsConfigTest {
    @TempDir
    Path directory;

    private ServerConfig.Protocols read(String text) throws IOException {
        return ServerConfig.read(Files.writeString(directory.resolve("server.conf"), text))
                .protocols();
    }

    @Test
    void thereIsNoProxyUntilItHasAProvider() throws IOException {
        assertThat(ServerConfig.defaults().protocols().proxy()).isEmpty();
        assertThat(read("proxy.capture = false").proxy()).isEmpty();
    }

    @Test
    void everySettingIsRead() throws IOException {
        ServerConfig.Protocols guests = read("""
                mcp.origins = ["https://chat.example.com"]
                proxy {
                  upstream = "https://models.example.com/v1"
                  api-key-env = PATH
                  on-failure = closed
                  max-tokens = 700
                  profile-tokens = 200
                  capture = false
                  timeout = 90s
                }
                """);
        assertThat(guests.mcpOrigins()).containsExactly("https://chat.example.com");
        assertThat(guests.proxy()).hasValueSatisfying(proxy -> {
            assertThat(proxy.upstream()).isEqualTo(URI.create("https://models.example.com/v1"));
            assertThat(proxy.apiKey()).isEqualTo(System.getenv("PATH"));
            assertThat(proxy.toString()).doesNotContain(System.getenv("PATH"));
            assertThat(proxy.timeout()).isEqualTo(Duration.ofSeconds(90));
            assertThat(proxy.recall().required()).isTrue();
            assertThat(proxy.recall().maxTokens()).isEqualTo(700);
            assertThat(proxy.recall().profileTokens()).isEqualTo(200);
            assertThat(proxy.capture()).isFalse();
        });
    }

    @ParameterizedTest
    @CsvSource({
        "proxy.upstream = \"models.example.com\", proxy.upstream",
        "proxy.upstream = \"https://u:p@models.example.com\", proxy.upstream",
        "proxy.upstream = \"http://models.example.com/v1?key=1\", proxy.upstream",
        "proxy { upstream = \"http://h/v1\"\\n api-key-env = PATH\\n timeout = 0s }, proxy.timeout",
        "proxy { upstream = \"http://h/v1\"\\n on-failure = maybe }, proxy.on-failure",
        "proxy { upstream = \"http://h/v1\"\\n api-key-env = MEMOS4J_NO_SUCH_VARIABLE }, MEMOS4J_NO_SUCH_VARIABLE",
        "proxy { upstream = \"http://h/v1\"\\n api-key-env = PATH\\n max-tokens = 1 }, proxy.max-tokens",
        "proxy.upstraem = \"x\", 'proxy.upstream'"
    })
    void aMistakeIsNamed(String text, String named) {
        assertThatThrownBy(() -> read(text.replace("\\n", "\n")))
                .isInstanceOf(MemoryException.class)
                .hasMessageContaining(named.replace("'", ""))
                .hasMessageNotContaining("u:p");
    }
}
