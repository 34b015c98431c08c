package io.memos4j.core.language.time;

import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class TimeVocabularyTest {
    private static final LocalDate DAY = LocalDate.of(2024, 5, 15);

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            en | the 2010s
            en | 3/4/2019
            en | half a century ago
            de | übermorgen
            de | im März
            de | letzten Jänner
            de | am 12.03.2024
            de | seit 2019
            de | vor einem halben Jahr
            fr | l'an dernier
            fr | il y a deux ans
            fr | dans un an
            fr | ce week-end
            fr | 3 décembre
            fr | les dix dernières années
            fr | en 2019
            es | el sábado
            es | el año que viene
            es | hace dos décadas
            es | dentro de tres días
            es | en 2019
            zh | 去年三月
            zh | 2022年
            """)
    void expressionsHaveAHint(String language, String text) {
        assertThat(languages("(" + text + ")")).contains(language);
        assertThat(languages("(" + text.toUpperCase(Locale.ROOT) + ")")).contains(language);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "I am an editor; my mum works on a d-list show, and so does Mel.",
                "The last week of the year 2024 was fun."
            })
    void englishTextsAreNotSearchedForOtherLanguages(String text) {
        assertThat(languages(text)).isSubsetOf("en");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a", "我", "aaaaaaaaaaaaaa", "123 12345 1", ".000"})
    void textsWithoutHintsHaveNoTimes(String text) {
        assertThat(TimeExpressionFinder.find(text, DAY)).isEmpty();
    }

    private static List<String> languages(String text) {
        return TimeVocabulary.phrasesFor(text).stream()
                .map(phrase -> phrase.pack().code())
                .distinct()
                .toList();
    }
}
