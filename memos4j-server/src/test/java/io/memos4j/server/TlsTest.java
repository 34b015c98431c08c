package io.memos4j.server;

import io.memos4j.server.http.TlsKeystore;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class TlsTest {
    private static final String PASSWORD = "of-the-test";

    @TempDir
    Path directory;

    private static HttpResponse<String> get(HttpClient client, URI address, String key) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(address)
                .header("Authorization", "Bearer " + key)
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    @Test
    void callsAreEncryptedWithTheCertificateOfTheKeystore() throws Exception {
        Path keystore = TestCertificates.make(directory.resolve("server.p12"), PASSWORD);
        TlsKeystore tls = TlsKeystore.open(keystore, PASSWORD);
        try (RunningServer server = RunningServer.at(directory.resolve("data"), config -> config.withTls(tls));
                HttpClient knowing = HttpClient.newBuilder()
                        .sslContext(TestCertificates.trusting(keystore, PASSWORD))
                        .build();
                HttpClient other = HttpClient.newHttpClient()) {
            assertThat(server.server().url()).hasScheme("https");
            HttpResponse<String> answer = get(knowing, server.url("/v1/me"), server.adminKey());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.sslSession())
                    .hasValueSatisfying(
                            session -> assertThat(session.getProtocol()).isEqualTo("TLSv1.3"));
            assertThatThrownBy(() -> get(other, server.url("/v1/health"), "none"))
                    .isInstanceOf(SSLException.class);
            URI plain = URI.create(server.url("/v1/health").toString().replace("https:", "http:"));
            assertThatThrownBy(() -> get(other, plain, "none")).isInstanceOf(IOException.class);
        }
    }
}
