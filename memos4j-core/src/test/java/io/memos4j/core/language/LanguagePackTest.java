package io.memos4j.core.language;

import io.memos4j.core.language.time.TimeExpression;
import io.memos4j.core.language.time.TimeExpressionFinder;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

/** A language is nothing but its pack: src/test/resources/io/memos4j/testlanguage/qaa holds a made-up one. */
class LanguagePackTest {
    private static final LocalDate THURSDAY = LocalDate.of(2025, 3, 13);

    @Test
    void thePacksOfThisModuleComeFirst() {
        assertThat(LanguageRules.packs())
                .extracting(LanguagePack::code)
                .containsExactly("en", "zh", "de", "fr", "es", "ja", "qaa");
        assertThat(LanguageRules.fallback().code()).isEqualTo("en");
        assertThat(LanguageRules.packsFor("我 mego"))
                .extracting(LanguagePack::code)
                .containsExactly("zh", "en", "de", "fr", "es", "ja", "qaa");
    }

    @Test
    void statementsAreRecognizedByTheFramesOfAnAddedLanguage() {
        Optional<AttributeStatement> here = AttributeStatement.parse("Mego dwelok en Lyon.", "Ann");
        Optional<AttributeStatement> there = AttributeStatement.parse("Ann nuvak dwelok en Paris.", "Bob");
        assertThat(here).contains(new AttributeStatement("ann\tresidence", "lyon", false));
        assertThat(there).contains(new AttributeStatement("ann\tresidence", "paris", false));
        assertThat(AttributeStatement.parse("Ann nemas dwelok en Paris", "Bob"))
                .contains(new AttributeStatement("ann\tresidence", "paris", true));
        assertThat(AttributeStatement.parse("Farba od domok estok zel", "Ann"))
                .contains(new AttributeStatement("farba od domok\t", "zel", false));
        assertThat(AttributeStatement.parse("Mego dwelok en Lyon?", "Ann")).isEmpty();
    }

    @Test
    void stopWordsAndEndingsOfAnAddedLanguageAreLeftOut() {
        assertThat(ContentWords.of("Zul domoruk vek Lyon")).containsExactly("dom", "lyon");
        assertThat(ChangeDetector.CHANGE_WORDS).contains("nuvak");
    }

    @Test
    void wordingsOfAnAddedLanguageAreRecognized() {
        assertThat(ChangeDetector.announcesChange("Ann nuvak dwelok")).isTrue();
        assertThat(ConditionDetector.isConditional("kor wenno pluvok")).isTrue();
        assertThat(Reliability.assess("rumorak ke Ann")).isEqualTo(Reliability.UNVERIFIED);
        assertThat(StandingStatement.findIn("Semper dik tok.")).hasSize(1);
        assertThat(MemoryCommand.parse("noskrib zul").kind()).isEqualTo(MemoryCommand.Kind.OFF_THE_RECORD);
        assertThat(MemoryCommand.parse("Vergesok adresok Lyon."))
                .isEqualTo(new MemoryCommand(MemoryCommand.Kind.FORGET, "adresok Lyon"));
    }

    @Test
    void expressionsOfTimeOfAnAddedLanguageAreResolved() {
        assertThat(TimeExpressionFinder.find("Ann prevdag dansok", THURSDAY))
                .extracting(TimeExpression::from, TimeExpression::until)
                .containsExactly(tuple(THURSDAY.minusDays(1), THURSDAY));
        assertThat(TimeExpressionFinder.find("lunok", THURSDAY))
                .extracting(TimeExpression::from)
                .containsExactly(LocalDate.of(2025, 3, 10));
        assertThat(TimeExpressionFinder.find("trelo  tigok zurok", THURSDAY))
                .extracting(TimeExpression::from, TimeExpression::until)
                .containsExactly(tuple(THURSDAY.minusDays(4), THURSDAY.minusDays(2)));
        assertThat(TimeExpressionFinder.find("sinsok lunok", THURSDAY))
                .extracting(TimeExpression::text, TimeExpression::until)
                .containsExactly(tuple("sinsok lunok", THURSDAY.plusDays(1)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[patterns conditional]~(|qbb/words.txt:2: Not a pattern",
                "# a comment~~[patterns nonsense]"
                        + "|qbb/words.txt:3: Unknown section 'nonsense'. Known are: change-announced",
                "[pattern conditional]|qbb/words.txt:1: Unknown kind of section [pattern]",
                "[words fillers]~um~[table numbers]~two|qbb/words.txt:4: 'two' is not of the form 'key = value'.",
                "[patterns conditional]~${wen}|qbb/words.txt:2: ${wen} is neither defined above nor a table.",
                "[language]~nam = x|qbb/words.txt:2: Unknown property 'nam'",
                "wenno|qbb/words.txt:1: 'wenno' stands before the first section.",
                "# nothing|has none of the files",
            })
    void errorsNameFileAndLine(String text, String message) {
        assertThatThrownBy(() -> parse(text.replace('~', '\n')))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(message);
    }

    @Test
    void indentedLinesContinueAndDefinitionsArePutIn() {
        LanguagePack pack = parse("""
                [definitions]
                rain = pluvok
                    |regno

                [patterns conditional]
                # not a pattern
                \\b(?:${rain})\\b
                    \\s+wenno

                [table counts]
                a few, few = 2-5
                """);
        assertThat(pack.matches(PatternSet.CONDITIONAL, "kor PLUVOK wenno")).isTrue();
        assertThat(pack.matches(PatternSet.CONDITIONAL, "regno wenno")).isTrue();
        assertThat(pack.matches(PatternSet.CONDITIONAL, "wenno")).isFalse();
        assertThat(pack.table(WordTable.COUNTS)).isEqualTo(Map.of("a few", "2-5", "few", "2-5"));
        assertThat(pack.patterns(PatternSet.HAPPENING)).isEqualTo(List.of());
    }

    private static LanguagePack parse(String words) {
        return LanguagePack.parse("qbb", file -> Optional.of(words).filter(text -> file.equals("words.txt")));
    }
}
