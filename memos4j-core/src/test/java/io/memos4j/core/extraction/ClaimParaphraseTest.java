package io.memos4j.core.extraction;

import io.memos4j.core.extraction.SourceEvidence.DatedText;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Claims in other words than their source, which Alice says on Saturday 2025-03-01, and claims that it does not carry.
 */
class ClaimParaphraseTest {
    private static final LocalDate DAY = LocalDate.of(2025, 3, 1);

    private static boolean carried(String source, String claim) {
        List<DatedText> said = List.of(new DatedText(source, DAY, "Alice"));
        return ClaimSupport.findMissing(claim, new SourceEvidence(said, List.of("Alice")))
                .isEmpty();
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
}
