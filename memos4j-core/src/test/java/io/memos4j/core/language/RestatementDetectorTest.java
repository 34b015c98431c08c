package io.memos4j.core.language;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

class RestatementDetectorTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            The office is in Lyon                   | The office is in Paris
            The office is in Lyon.                  | the OFFICE is in New York!
            The build uses Java 17 and Maven        | The build uses Java 21 and Maven
            Deploys run on Friday at noon           | Deploys run on Monday at noon
            The server is at db-1.example.com:5432  | The server is at db-2.example.com:5432
            Alice leads the data team               | Bob leads the data team
            The release is v1.2                     | The release is v1.3.
            我住在北京                               | 我住在上海
            我住在北京。                              | 我住在南京！
            会议在周三下午                            | 会议在周五下午
            """)
    void theseDifferInOneValueEitherWayRound(String one, String other) {
        assertThat(RestatementDetector.differInOneValue(one, other)).isTrue();
        assertThat(RestatementDetector.differInOneValue(other, one)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            The office is in Lyon           | The office is in Lyon
            The office is in Lyon           | the office is in LYON.
            The office is in Lyon           | The office is in Lyon now
            The office is in Lyon           | The nice office is in Lyon
            Alice likes tea in London       | Bob likes jazz in Paris
            The office is in Lyon           | Dinner was good
            I moved to Lyon                 | I live in Paris
            Lyon                            | Paris
            ''                              | ''
            ''                              | The office is in Lyon
            ?!                              | ...
            我住在北京                       | 我住在北京
            我住在北京                       | 我住在北京市
            我住在北京                       | 今天天气很好
            """)
    void theseDoNot(String one, String other) {
        assertThat(RestatementDetector.differInOneValue(one, other)).isFalse();
        assertThat(RestatementDetector.differInOneValue(other, one)).isFalse();
    }

    @Test
    void longTextsSayMoreThanOneThing() {
        String most = "word ".repeat(59);
        assertThat(RestatementDetector.differInOneValue(most + "Lyon", most + "Paris"))
                .isTrue();
        assertThat(RestatementDetector.differInOneValue(most + "Lyon", most + "Paris" + "s".repeat(10)))
                .isFalse();
        assertThat(RestatementDetector.differInOneValue(most + "Paris" + "s".repeat(10), most + "Lyon"))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a ", "the ", "of the ", "a-", "a.", ".", " ", "我"})
    void hostileTextsEnd(String repeated) {
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            String text = repeated.repeat(1_000_000 / repeated.length());
            assertThat(RestatementDetector.differInOneValue(text, text + "x")).isFalse();
            String most = repeated.repeat(280 / repeated.length());
            assertThat(RestatementDetector.differInOneValue(most, most)).isFalse();
        });
    }
}
