package io.memos4j.http;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SecretRedactorTest {
    private final SecretRedactor redactor = new SecretRedactor("sk-1");

    @Test
    void anExcerptIsOneShortLineWithoutTheSecret() {
        assertThat(redactor.excerpt(" Key sk-1\n is\t\u0007bad ")).isEqualTo("Key *** is bad");
        assertThat(redactor.excerpt("x".repeat(301))).isEqualTo("x".repeat(300) + "…");
        assertThat(redactor.excerptOr(" \n", "no text")).isEqualTo("no text");
        assertThat(new SecretRedactor("").excerpt("plain")).isEqualTo("plain");
    }

    @Test
    void aSecretIsFoundAndNeverShown() {
        assertThat(redactor.isIn("a sk-1 b")).isTrue();
        assertThat(redactor.isIn("a b")).isFalse();
        assertThat(new SecretRedactor("").isIn("a b")).isFalse();
        assertThat(redactor.toString()).doesNotContain("sk-1");
    }
}
