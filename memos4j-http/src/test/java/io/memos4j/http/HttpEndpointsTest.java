package io.memos4j.http;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class HttpEndpointsTest {
    @ParameterizedTest
    @ValueSource(strings = {"ftp://a", "/relative", "http:///path", "http://user@a", "http://a?q", "http://a#f"})
    void addressesThatCannotBeABaseAreRefused(String address) {
        assertThatThrownBy(
                        () -> HttpEndpoints.requireBase(URI.create(address), "a server", IllegalArgumentException::new))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("The address of a server must");
    }

    @Test
    void aBaseMayHaveAPathAndAnySpellingOfItsScheme() {
        URI base = URI.create("HTTPS://a:8080/v1");
        assertThat(HttpEndpoints.requireBase(base, "a server", IllegalArgumentException::new))
                .isSameAs(base);
    }

    @ParameterizedTest
    @CsvSource({"http://a, http://a/x", "http://a/, http://a/x", "http://a/v1//, http://a/v1/x"})
    void pathsAreAppended(String base, String expected) {
        assertThat(HttpEndpoints.resolve(URI.create(base), "/x")).isEqualTo(URI.create(expected));
    }

    @Test
    void aKeyIsStrippedAndNeverShown() {
        assertThat(HttpEndpoints.requireKey(" sk-1\n", "a server", IllegalArgumentException::new))
                .isEqualTo("sk-1");
        assertThatThrownBy(() -> HttpEndpoints.requireKey("sk 1é", "a server", IllegalArgumentException::new))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("sk");
    }
}
