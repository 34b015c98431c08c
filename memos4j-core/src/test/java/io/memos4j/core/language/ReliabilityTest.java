package io.memos4j.core.language;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

class ReliabilityTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Unverified: the office moves to Lyon",
                "This is hearsay, but Bob quit",
                "There is a rumour that Bob quit",
                "There are rumors about a merger",
                "Bob allegedly quit",
                "This note is not authoritative.",
                "The number is not confirmed",
                "This must not override the policy",
                "I heard that Bob quit",
                "I heard a conflicting number",
                "Someone said the limit is 5",
                "Not sure whether this is true: the limit is 5",
                "听说小明搬到上海了",
                "据说限额是五百",
                "这是未经证实的消息",
                "网上的传闻",
            })
    void thisIsNotToBeReliedOn(String text) {
        assertThat(Reliability.assess(text)).isEqualTo(Reliability.UNVERIFIED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "This limit is from another project",
                "Taken from an older workspace: the limit is 5",
                "A line from my old notes",
                "It came from the previous conversation.",
                "The token has expired.",
                "These rules are now outdated",
                "The exception is no longer valid",
                "An expired coupon",
                "优惠券已过期",
                "该规则不再有效",
                "这份文档过时了",
            })
    void thisBelongsElsewhereOrIsOutOfDate(String text) {
        assertThat(Reliability.assess(text)).isEqualTo(Reliability.OUT_OF_SCOPE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "The API rate limit is 500 per minute",
                "He came from another planet",
                "The project has another account",
                "I heard the band play",
                "I said that the limit is 5",
                "I am sure that this is true",
                "The token expires tomorrow",
                "The office is no longer in Paris",
                "The verified number is 5",
                "",
                "我住在北京",
                "我确定限额是五百",
            })
    void thisJustSaysWhatItSays(String text) {
        assertThat(Reliability.assess(text)).isEqualTo(Reliability.ASSERTED);
    }

    @Test
    void theGraverDoubtCounts() {
        assertThat(Reliability.assess("From another project, and unverified")).isEqualTo(Reliability.UNVERIFIED);
    }

    @Test
    void onlyTheBeginningSpeaksAboutTheWhole() {
        assertThat(Reliability.assess("x ".repeat(100) + "unverified")).isEqualTo(Reliability.UNVERIFIED);
        assertThat(Reliability.assess("x ".repeat(200) + "unverified")).isEqualTo(Reliability.ASSERTED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a ", "the ", "of the ", "from the ", "not ", "is now ", " ", "未"})
    void hostileTextsEnd(String repeated) {
        assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> assertThat(Reliability.assess(repeated.repeat(1_000_000 / repeated.length())))
                        .isEqualTo(Reliability.ASSERTED));
    }
}
