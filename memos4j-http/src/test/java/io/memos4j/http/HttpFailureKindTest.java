package io.memos4j.http;

import java.net.ConnectException;
import java.net.SocketException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class HttpFailureKindTest {
    @ParameterizedTest
    @CsvSource({
        "200, REFUSED, false",
        "301, REDIRECTED, false",
        "400, INVALID_REQUEST, false",
        "401, UNAUTHORIZED, false",
        "403, UNAUTHORIZED, false",
        "404, NOT_FOUND, false",
        "405, NOT_FOUND, false",
        "408, UPSTREAM_TIMEOUT, true",
        "409, CONFLICT, true",
        "410, NOT_FOUND, false",
        "413, REQUEST_TOO_LARGE, false",
        "418, REFUSED, false",
        "422, INVALID_REQUEST, false",
        "425, CONFLICT, true",
        "429, RATE_LIMITED, true",
        "500, SERVER_ERROR, true",
        "501, NOT_FOUND, false",
        "503, SERVER_ERROR, true",
        "504, UPSTREAM_TIMEOUT, true",
        "529, SERVER_ERROR, true"
    })
    void aStatusHasAKind(int status, HttpFailureKind kind, boolean retryable) {
        assertThat(HttpFailureKind.ofStatus(status)).isEqualTo(kind);
        assertThat(kind.retryable()).isEqualTo(retryable);
    }

    @Test
    void anExceptionHasAKindAndIsNamedInTheReason() {
        assertThat(HttpCallException.of(new ConnectException()).kind()).isEqualTo(HttpFailureKind.NOT_CONNECTED);
        assertThat(HttpCallException.of(new HttpConnectTimeoutException("late")).kind())
                .isEqualTo(HttpFailureKind.NOT_CONNECTED);
        assertThat(HttpCallException.of(new HttpTimeoutException("late")).kind())
                .isEqualTo(HttpFailureKind.TIMED_OUT);
        HttpCallException lost = HttpCallException.of(new SocketException("reset"));
        assertThat(lost.kind()).isEqualTo(HttpFailureKind.CONNECTION_LOST);
        assertThat(lost.reason()).isEqualTo("SocketException: reset");
        assertThat(HttpCallException.of(lost)).isSameAs(lost);
    }
}
