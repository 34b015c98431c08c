package io.memos4j.server.http;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class BodyBudgetTest {
    @Test
    void aPrincipalGetsHalfAndWhatIsGivenBackIsThereAgain() {
        BodyBudget budget = new BodyBudget(100);
        BodyBudget.Account first = budget.open("alice");
        first.take(40);
        BodyBudget.Account second = budget.open("alice");
        second.take(10);
        assertThat(code(() -> second.take(1))).isEqualTo(ErrorCode.OVERLOADED);
        BodyBudget.Account other = budget.open("bob");
        other.take(50);
        assertThat(code(() -> budget.open("carol").take(1))).isEqualTo(ErrorCode.OVERLOADED);
        first.close();
        budget.open("carol").take(40);
        second.close();
        other.close();
        budget.open("alice").take(50);
    }

    @Test
    void aRequestThatNeverFitsIsTooLarge() {
        assertThat(code(() -> new BodyBudget(100).open("alice").take(51))).isEqualTo(ErrorCode.TOO_LARGE);
    }

    private static ErrorCode code(Runnable call) {
        return catchThrowableOfType(MemoryException.class, call::run).code();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "1;1;0",
                "[];2;0",
                "[1,2,3];4;3",
                "[{},{},{}];5;3",
                "{\"a\":\"x,y,[z\",\"b\":[1,2]};4;2",
                "\"a\\\",\\\\\";1;0",
                "[[1,2],[3,4,5],6];8;3"
            })
    void valuesAreCounted(String json, int values, int longest) {
        JsonSize size = JsonSize.of(json.getBytes(StandardCharsets.UTF_8));
        assertThat(size.values()).isGreaterThanOrEqualTo(values);
        assertThat(size.longestList()).isEqualTo(longest);
    }

    @Test
    void anyDepthAndAnyBytesAreCounted() {
        assertThat(JsonSize.of("[".repeat(1_000).getBytes(StandardCharsets.UTF_8))
                        .values())
                .isGreaterThan(60);
        assertThat(JsonSize.of("]]]}},\"\\".getBytes(StandardCharsets.UTF_8)).values())
                .isEqualTo(2);
    }
}
