package io.memos4j.core.language;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

class ChangeDetectorTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "The limit is now 500",
                "We migrated to Redis",
                "MOVED to Lyon",
                "Bob is moving to Lyon",
                "The office is no longer in Paris",
                "I don't smoke any more",
                "I don't smoke anymore",
                "Use Maven instead",
                "The limit was set to 500",
                "As of May, the limit is 500",
                "Correction: it is Friday",
                "我搬到上海了",
                "会议改到周五",
                "项目推迟了",
                "我不再抽烟",
            })
    void thisAnnouncesAChange(String text) {
        assertThat(ChangeDetector.announcesChange(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "The office is in Lyon",
                "I know the news",
                "The renewal is in May",
                "The set of rules is small",
                "Her address is 5 Elm Street",
                "It is a remote place",
                "",
                "我住在北京",
                "会议在周五",
            })
    void thisAnnouncesNone(String text) {
        assertThat(ChangeDetector.announcesChange(text)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Migrated to Redis.",
                "  moved to Lyon",
                "Also switched to Maven",
                "Then renamed it",
                "Increased to 500",
                "改成周五",
                "升级到二十一",
            })
    void thisBeginsWithTheChangeItself(String text) {
        assertThat(ChangeDetector.isElliptic(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "We migrated to Redis.",
                "Now it is Redis",
                "The team moved to Lyon",
                "Movedom is a word",
                "",
                "会议改成周五",
                "我搬到上海了",
            })
    void thisNamesWhatChangedOrNoChange(String text) {
        assertThat(ChangeDetector.isElliptic(text)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "moved",
                "Moving",
                "migrated",
                "switched",
                "changes",
                "updated",
                "updating",
                "renamed",
                "replaced",
                "increased",
                "now",
                "currently",
                "new",
                "recently",
                "latest",
                "instead",
                "set"
            })
    void theWordsOfChangesAreAsWordsReadsThem(String word) {
        assertThat(ContentWords.of(word)).isNotEmpty();
        assertThat(ChangeDetector.CHANGE_WORDS).containsAll(ContentWords.of(word));
    }

    @Test
    void theWordsOfChangesNameNoSubject() {
        assertThat(ChangeDetector.CHANGE_WORDS)
                .doesNotContainAnyElementsOf(ContentWords.of("office rate limit Paris Redis deadline salary"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a ", "the ", "of the ", "also ", "no ", "set ", " ", "我", "不"})
    void hostileTextsEnd(String repeated) {
        String text = repeated.repeat(1_000_000 / repeated.length());
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            assertThat(ChangeDetector.announcesChange(text)).isFalse();
            assertThat(ChangeDetector.isElliptic(text)).isFalse();
        });
    }
}
