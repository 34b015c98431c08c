package io.memos4j.core.extraction;

import io.memos4j.api.items.Role;
import io.memos4j.core.extraction.SourceEvidence.DatedText;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What counts as carried by a source. The source is said on Saturday 2025-03-01 by Alice. */
class ClaimSupportTest {
    private static final LocalDate DAY = LocalDate.of(2025, 3, 1);

    private static boolean carried(String source, String claim) {
        SourceEvidence evidence = new SourceEvidence(
                List.of(new DatedText(source, DAY, "Alice")), List.of("Alice", "2025 March Saturday 12:01"));
        return ClaimSupport.findMissing(claim, evidence).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "I visited two cities with my sister Kim|Alice was visiting 2 cities with her sister Kim.",
                "my dog weighs 1,200 grams|Alice's dog weighs 1200 grams.",
                "meet me at 2 pm in the Library|Alice meets at 14:00 in the Library.",
                "I'm allergic to nuts|Alice has a nut allergy.",
                "Zoë is my daughter|Zoe is the daughter of Alice.",
                "I like tea|The user prefers tea.",
                "run make clean, then make all, then restart nginx"
                        + "|To deploy: 1. run make clean, 2. run make all, 3. restart nginx.",
                "My dentist appointment is next Tuesday at 3pm|Alice has a dentist appointment on 2025-03-04 at 15:00.",
                "I ran a marathon yesterday|Alice ran a marathon on 2025-02-28.",
                "I ran a marathon yesterday|Alice ran a marathon on 28 February 2025.",
                "I ran a marathon yesterday|Alice ran a marathon on Friday, February 28, 2025.",
                "I ran a marathon last year|Alice ran a marathon in 2024.",
                "I ran a marathon this morning|On March 1, 2025 Alice ran a marathon.",
                "I was born on 3 June 1990|Alice was born on 1990-06-03.",
                "我昨天跑了马拉松|用户于2025年2月28日跑了马拉松。",
                "我有三个孩子|用户有3个孩子。",
                "The freezer is at -18 °C|The freezer of Alice is at −18 °C.",
                "The freezer is at minus 18 degrees|The freezer of Alice is at -18 °C.",
                "The freezer is at -18 °C|The freezer of Alice is at minus 18.",
                "The account changed by -250|The account of Alice fell by 250.",
                "冰箱是零下18度|用户的冰箱是-18度。",
                "I write the firmware in C++|Alice writes the firmware in C++.",
                "我喜欢喝绿茶|用户喜欢绿茶。",
                "我在Google上班|用户在Google上班。"
            })
    void isCarried(String source, String claim) {
        assertThat(carried(source, claim)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "I visited two cities with my sister Kim|Alice visited 3 cities with her sister Kim.",
                "I visited two cities with my sister Kim|Alice visited three cities with her sister Kim.",
                "I visited two cities with my sister Kim|Alice visited two cities with her sister Eva.",
                "I visited two cities with my sister Kim|Bob visited two cities.",
                "I like tea|Alice plays the piano in an orchestra.",
                "I like tea|The user.",
                "The freezer is at -18 °C|The freezer of Alice is at 18 °C.",
                "The freezer is at 18 °C|The freezer of Alice is at -18 °C.",
                "The account changed by +250|The account of Alice changed by -250.",
                "I write the firmware in C++|Alice writes the firmware in C#.",
                "I ran a marathon|Alice ran a marathon on 2025-02-27.",
                "I ran a marathon yesterday|Alice ran a marathon on 2019-02-28.",
                "I ran a marathon yesterday|Alice ran a marathon in May 2012.",
                "我有三个孩子|用户有五个孩子。",
                "星期三我带孩子去公园|用户有三个孩子，带孩子去公园。",
                "I took the kids to the park on Monday|Alice took her 3 kids to the park.",
                "我昨天跑了马拉松|用户于2019年5月3日跑了马拉松。",
                "我喜欢喝绿茶|用户在北京大学教物理。",
                "我在Google上班|用户在Amazon上班。"
            })
    void isNotCarried(String source, String claim) {
        assertThat(carried(source, claim)).isFalse();
    }

    @Test
    void theDayOfTheSourceIsCarriedWithoutAnyWordOfTime() {
        assertThat(carried("I finished the marathon", "Alice finished the marathon on 2025-03-01."))
                .isTrue();
    }

    @Test
    void aLongRunOfDigitsIsComparedAndNotReckoned() {
        String digits = "9".repeat(100_000);

        assertThat(carried("Pi is " + digits, "Pi is " + digits)).isTrue();
        assertThat(carried("Pi is 八千万亿" + "九".repeat(10_000), "Pi is " + digits))
                .isFalse();
    }

    @Test
    void thePersonWhomTheSpeakerAddressesMayBeNamed() {
        MessageWindow window = ExtractionFixture.window(
                ExtractionFixture.user(1, "You promised to water the plants."),
                ExtractionFixture.message(2, Role.ASSISTANT, "Bob", "Right."),
                ExtractionFixture.user(3, "The plants got water."));
        String answer = ExtractionFixture.memories(
                ExtractionFixture.memory("fact", "Bob promised Alice to water the plants.", "[1]", ""),
                ExtractionFixture.memory("fact", "Bob gave the plants water.", "[3]", ""));

        WindowExtraction extraction = new FactExtractor(
                        ExtractionFixture.ScriptedModel.answering(answer), ExtractionLimits.DEFAULT, usage -> {})
                .extract(window);

        assertThat(extraction.proposals()).hasSize(1);
        assertThat(extraction.refusals().getFirst().reason()).isEqualTo("unsupported: no source has the name 'bob'");
    }
}
