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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "I moved to Lyon last week.|The user lives in Lyon.",
                "I started at Siemens in May.|Alice works at Siemens.",
                "I got married to Anna in June.|The user wed Anna.",
                "I bought a kayak.|The user owns a kayak.",
                "My mum bakes bread on Sundays.|The user's mother bakes bread on Sundays.",
                "I don't eat meat.|The user does not eat meat.",
                "I hate olives.|The user doesn't like olives.",
                "I quit smoking.|The user no longer smokes, the user quit smoking.",
                "I left Google to work for Siemens.|The user works at Siemens.",
                "I moved from Lyon to Ghent.|Alice lives in Ghent.",
                "My brother Ben moved to Oslo.|The user's brother Ben lives in Oslo.",
                "I don't drink coffee, but I love tea.|The user loves tea.",
                "My wife and I moved to Lyon.|The user lives in Lyon.",
                "I have a Labrador named Rex.|Rex is a Labrador.",
                "Ich bin letzte Woche nach Lyon gezogen.|Der Nutzer wohnt in Lyon.",
                "Ich habe bei Siemens angefangen.|Die Nutzerin arbeitet bei Siemens.",
                "Ich esse kein Fleisch.|Der Nutzer isst kein Fleisch.",
                "Ich trinke gern Tee.|Der Nutzer trinkt gern Tee.",
                "J'ai déménagé à Gand la semaine dernière.|L'utilisateur habite à Gand.",
                "J'ai acheté un vélo.|L'utilisatrice possède un vélo.",
                "Je ne mange pas de viande.|L'utilisateur ne mange pas de viande.",
                "Me mudé a Sevilla la semana pasada.|El usuario vive en Sevilla.",
                "Tengo 2 hijas.|La usuaria tiene 2 hijas.",
                "No como carne.|El usuario no come carne.",
                "我上周搬到了里昂。|用户住在里昂。",
                "我跟安娜结婚了。|用户的妻子是安娜。",
                "我在西门子上班。|用户在西门子工作。",
                "我不吃肉。|用户不吃肉。"
            })
    void aReportInOtherWordsIsCarried(String source, String claim) {
        assertThat(carried(source, claim)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "I moved to Lyon last week.|The user lives in Paris.",
                "I visited Lyon last week.|The user lives in Lyon.",
                "I'm allergic to penicillin.|The user is allergic to latex.",
                "My favorite food is sushi.|The user's favorite food is pizza.",
                "I bought a red kite.|The user bought a blue kite.",
                "I have two cats.|The user has 3 cats.",
                "I don't eat meat.|The user eats meat.",
                "I eat meat.|The user does not eat meat.",
                "I quit my job at Google.|The user works at Google.",
                "I moved from Lyon to Ghent.|The user lives in Lyon.",
                "I sold my Mazda.|The user owns a Mazda.",
                "My brother moved to Lyon.|The user lives in Lyon.",
                "Ben is allergic to nuts.|Alice is allergic to nuts.",
                "I moved to Lyon and Ben came along to help.|Ben lives in Lyon.",
                "Anna moved to Lyon and Ben moved to Oslo.|Ben lives in Lyon.",
                "I moved to Lyon.|The user's brother lives in Lyon.",
                "My sister Eva studies law in Graz.|Alice studies law in Graz.",
                "Ich bin nach Lyon gezogen.|Der Nutzer wohnt in Gent.",
                "Ich esse kein Fleisch.|Der Nutzer isst Fleisch.",
                "Meine Schwester wohnt in Graz.|Der Nutzer wohnt in Graz.",
                "Je ne mange pas de viande.|L'utilisateur mange de la viande.",
                "Mon frère habite à Gand.|L'utilisateur habite à Gand.",
                "No como carne.|El usuario come carne.",
                "Mi hermana vive en Sevilla.|El usuario vive en Sevilla.",
                "我对青霉素过敏。|用户对乳胶过敏。",
                "我不吃肉。|用户吃肉。",
                "我妹妹住在格拉茨。|用户住在格拉茨。",
                "我有两只猫。|用户有三只猫。"
            })
    void whatTheSourceDoesNotSayIsRefused(String source, String claim) {
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
