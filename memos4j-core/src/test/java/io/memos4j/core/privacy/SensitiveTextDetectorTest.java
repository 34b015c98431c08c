package io.memos4j.core.privacy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class SensitiveTextDetectorTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "The wifi password is hunter2. | hunter2",
                "password: correcthorse | correcthorse",
                "My PIN is 4711 | 4711",
                "The door code is 4711 | 4711",
                "Das Passwort ist geheim123 | geheim123",
                "密码是abc123 | abc123",
                "Use sk-abcdefghijklmnop1234 for it | sk-abcdefghijklmnop1234",
                "the id a8f5f167f44f4964e6c998dee827110c belongs to it | a8f5f167f44f4964e6c998dee827110c",
                "Write to alice@example.org tomorrow | alice@example.org",
                "Call +49 170 1234567 | +49 170 1234567",
                "Her number is (020) 7946-0958 | (020) 7946-0958",
                "His SSN: 078-05-1120 | 078-05-1120",
                "Card 4111 1111 1111 1111 please | 4111 1111 1111 1111",
                "Pay to DE89 3704 0044 0532 0130 00 | DE89 3704 0044 0532 0130 00",
            })
    void findsWhatMustNotBeTaught(String text, String secret) {
        assertThat(SensitiveTextDetector.findUnteachable(text))
                .extracting(SensitiveSpan::text)
                .contains(secret);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Alice lives in Lisbon.",
                "The meeting is on 2026-11-21 at 10:30.",
                "Invoice 1234567890123 was paid.",
                "The API rate limit is 500 a minute.",
                "Her favourite book is Nineteen Eighty-Four.",
                "Version 10.6.0 came out in 2025.",
                "He runs 42 km and needs 3:30 hours."
            })
    void leavesOrdinaryTextsAlone(String text) {
        assertThat(SensitiveTextDetector.findUnteachable(text)).isEmpty();
    }

    @Test
    void isQuickOnHostileText() {
        assertThat(SensitiveTextDetector.findUnteachable("password " + "a ".repeat(20_000) + "is "))
                .isEmpty();
        assertThat(SensitiveTextDetector.findUnteachable("1-".repeat(20_000))).isEmpty();
        assertThat(SensitiveTextDetector.findUnteachable("a@".repeat(20_000))).isEmpty();
    }
}
