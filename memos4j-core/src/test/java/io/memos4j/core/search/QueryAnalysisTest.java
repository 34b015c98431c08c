package io.memos4j.core.search;

import io.memos4j.core.search.QueryAnalysis.Aspect;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

class QueryAnalysisTest {
    private static final LocalDate TODAY = LocalDate.of(2025, 3, 14);

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Where do I live?                                    | FIRST_PERSON
            Where does Alice live                               | ''
            What is my favourite colour?                        | FIRST_PERSON
            What did you recommend for Paris?                   | ASSISTANT ADVICE METHOD PAST
            Which dish did the assistant describe               | ASSISTANT PAST
            Where did I work previously?                        | FIRST_PERSON HISTORY PAST
            Where was the original office?                      | HISTORY PAST
            Summarize the Berlin project                        | OVERVIEW
            How has the budget evolved over time?               | OVERVIEW HISTORY METHOD
            Could you write a poem for Alice?                   | ADVICE
            Help me plan a trip                                 | FIRST_PERSON ADVICE
            How do I deploy the service?                        | FIRST_PERSON ADVICE METHOD
            Why is the build slow?                              | METHOD
            When is the release?                                | WHEN
            When did Alice move?                                | WHEN PAST
            How long ago did Alice move?                        | WHEN PAST QUANTITY
            How many books has Alice read                       | QUANTITY
            Which books does Alice own?                         | GATHER
            What do Alice and Bob have in common?               | GATHER
            How many times did Alice visit Rome?                | GATHER PAST QUANTITY
            我住在哪里？                                         | FIRST_PERSON
            小明什么时候搬家？                                    | WHEN
            你推荐哪家餐厅？                                      | ASSISTANT ADVICE
            我以前住在哪里？                                      | FIRST_PERSON HISTORY
            总结一下这个项目                                      | OVERVIEW
            小明喜欢哪些书？                                      | GATHER
            服务怎么部署？                                        | ADVICE METHOD
            为什么构建很慢？                                      | METHOD
            """)
    void aQuestionAsksForTheseAspects(String question, String aspects) {
        Set<Aspect> expected = Arrays.stream(aspects.split(" "))
                .filter(name -> !name.isEmpty())
                .map(Aspect::valueOf)
                .collect(Collectors.toSet());
        QueryAnalysis analysis = analysis(question);
        assertThat(analysis.aspects()).containsExactlyInAnyOrderElementsOf(expected);
        for (Aspect aspect : Aspect.values()) {
            assertThat(analysis.asks(aspect)).as("%s", aspect).isEqualTo(expected.contains(aspect));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Where do I live?",
                "What is the API rate limit?",
                "Who is my dentist",
                "How many books does Alice own?",
                "When is the release?",
                "我住在哪里？",
                "限额是多少？",
            })
    void aPresentStateIsAskedFor(String question) {
        assertThat(analysis(question).asksForState()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Where did I live?",
                "Where had Alice worked?",
                "What is my former address?",
                "Give me a timeline of the move",
                "How do I deploy the service?",
                "Why is the build slow?",
                "我以前住在哪里？",
                "总结一下这个项目",
                "怎么部署？",
            })
    void thePastAWholeOrAWayIsNoState(String question) {
        assertThat(analysis(question).asksForState()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "Where does Melanie live?, Melanie",
        "where does MELANIE live?, melanie",
        "What is Melanie's job?, Melanie",
        "What is Melanie’s job?, Melanie",
        "Where does Mel live?, Melanie",
        "Where does Melanie live?, Melanie Smith",
        "Where does Smith live?, Melanie Smith",
        "What did the user say?, user",
        "What did the user say?, User",
        "What does Al do?, Al",
        "小明 住在哪里？, 小明",
    })
    void aSpeakerIsNamed(String question, String speaker) {
        assertThat(analysis(question).names(speaker)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "Where does Melanie live?, Mel",
        "Where does Melanie live?, Bob",
        "Where does Me live?, Melanie",
        "Where do I live?, user",
        "What do I use for cooking?, user",
        "Who has the use of it?, User",
        "Where is the office?, Theresa",
        "Who runs and who swims?, Andrea",
        "How old is it?, Howard",
        "Can it be done?, Candace",
        "Where is her dog?, Herbert",
        "'', Bob",
        "Where is a b c?, A",
        "Where do I live?, ''",
    })
    void aSpeakerIsNotNamed(String question, String speaker) {
        assertThat(analysis(question).names(speaker)).isFalse();
    }

    @Test
    void aPassageHasAtLeastThreeSentencesThatEnd() {
        assertThat(QueryAnalysis.isPassage("Hi. How are you? Fine! Good")).isTrue();
        assertThat(QueryAnalysis.isPassage("你好。你住在哪里？我住在北京！")).isTrue();
        assertThat(QueryAnalysis.isPassage("Hi. How are you? Fine!")).isFalse();
        assertThat(QueryAnalysis.isPassage("你好。你住在哪里？")).isFalse();
        assertThat(QueryAnalysis.isPassage("Versions 1.2.3.4.5 of example.com/a.b"))
                .isFalse();
        assertThat(QueryAnalysis.isPassage("")).isFalse();
    }

    @Test
    void theAskersAreThosePeopleWhoSpeakInTheExcerpt() {
        QueryAnalysis analysis = analysis(
                "Alice: I lost my keys again\nAssistant: Where did you look?\nuser: hm\nMary Ann: in the car\n");
        assertThat(analysis.askers()).containsExactlyInAnyOrder("alice", "mary ann");
        assertThat(analysis.mentionsAsker("ALICE keeps her keys in the kitchen"))
                .isTrue();
        assertThat(analysis.mentionsAsker("Yesterday Mary Ann moved")).isTrue();
        assertThat(analysis.mentionsAsker("Bob lost his keys; the assistant helped the user"))
                .isFalse();
        assertThat(analysis.mentionsAsker("")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            <Alice>: I lost my keys <Bob>: Again?   | alice bob
            小明：我的钥匙丢了                        | ''
            小明: 我的钥匙丢了                        | 小明
            小明： 我的钥匙丢了                       | 小明
            AI: hello                               | ''
            """)
    void turnsAreToldByNameAndColon(String excerpt, String askers) {
        assertThat(String.join(" ", analysis(excerpt).askers().stream().sorted().toList()))
                .isEqualTo(askers);
    }

    @Test
    void aQuestionOutsideADialogueHasNoAskers() {
        QueryAnalysis analysis = analysis("Where does Alice live, and at what time: now or at 10:30?");
        assertThat(analysis.askers()).isEmpty();
        assertThat(analysis.mentionsAsker("Alice lives in Lyon")).isFalse();
    }

    @Test
    void timesAreReadAgainstTheDayOfReference() {
        assertThat(analysis("What did I do yesterday?").times())
                .singleElement()
                .satisfies(time -> assertThat(time.from()).isEqualTo(TODAY.minusDays(1)));
        assertThat(analysis("Where do I live?").times()).isEmpty();
    }

    @Test
    void onlyTheBeginningOfALongTextIsAnalyzed() {
        String padding = "x ".repeat(1_000);
        assertThat(analysis("my " + padding).asks(Aspect.FIRST_PERSON)).isTrue();
        assertThat(analysis(padding + "my").asks(Aspect.FIRST_PERSON)).isFalse();
        assertThat(analysis(padding + "Melanie").names("Melanie")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a ", "the ", "of the ", "which ", "how has ", "! ", "<", "a: ", ":", "我", "几", " "})
    void hostileTextsEnd(String repeated) {
        String text = repeated.repeat(1_000_000 / repeated.length());
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            QueryAnalysis analysis = analysis(text);
            assertThat(analysis.times()).isEmpty();
            assertThat(analysis.names("Melanie")).isFalse();
            assertThat(QueryAnalysis.isPassage(text)).isEqualTo(repeated.equals("! "));
        });
    }

    private static QueryAnalysis analysis(String query) {
        return QueryAnalysis.of(query, TODAY);
    }
}
