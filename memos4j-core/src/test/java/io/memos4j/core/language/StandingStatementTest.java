package io.memos4j.core.language;

import io.memos4j.api.items.ItemType;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

class StandingStatementTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Always answer in French please",
                "Please always cite your sources.",
                "Remember: never use emojis again",
                "Don't ever call me sir again.",
                "From now on, call me Bob",
                "Going forward, keep answers short.",
                "Whenever I ask for code, use Python.",
                "When I say stop, end the answer",
                "Make sure to always add tests",
                "I'd like you to always answer briefly",
                "I want you to never apologise",
                "You should always mention the source.",
                "You must never share my address",
                "以后请用中文回答",
                "请每次都给出来源",
                "记住，永远不要用表情符号",
                "千万别叫我先生",
            })
    void thisIsAStandingInstruction(String message) {
        assertThat(StandingStatement.findIn(message))
                .containsExactly(new StandingStatement(ItemType.INSTRUCTION, message, false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "I prefer trains to planes",
                "I really like hiking in the Alps.",
                "I've always loved jazz, I love jazz",
                "I usually avoid the subway",
                "I can't stand loud music",
                "I don't like coriander.",
                "I don’t eat meat",
                "I'm allergic to nuts",
                "I am a vegetarian",
                "My favourite colour is blue",
                "My preferred editor is vi",
                "我喜欢爬山",
                "我更喜欢坐火车",
                "我不喜欢香菜",
                "我对花生过敏",
            })
    void thisIsAPreference(String message) {
        assertThat(StandingStatement.findIn(message))
                .containsExactly(new StandingStatement(ItemType.PREFERENCE, message, false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Always good to see you",
                "Always a pleasure, my friend",
                "Never mind that now",
                "Never been to Rome before",
                "Should I always answer in French?",
                "Always answer in French?",
                "In the future I will travel more",
                "From now on it gets easier",
                "The email says: always wire the money",
                "He wrote: I prefer trains to planes",
                "Translate this article: I love Paris in spring",
                "\"Always answer in French please\"",
                "“I prefer trains to planes”",
                "> Always answer in French please",
                "`always answer in French please`",
                "「以后请用中文回答」",
                "Look at this:\n```\nI prefer trains to planes\n```",
                "I love that you said it",
                "I like how this looks",
                "I hate it",
                "I like the way you think",
                "He likes trains",
                "She always answers in French",
                "Alice prefers trains",
                "I took the train to work",
                "",
                " \n ",
                "以后我会多锻炼",
                "他喜欢爬山",
                "今天天气很好",
            })
    void thisIsNeither(String message) {
        assertThat(StandingStatement.findIn(message)).isEmpty();
    }

    @Test
    void onlyTheSentenceThatSaysItIsKeptInstructionsFirst() {
        assertThat(StandingStatement.findIn(
                        "Hi there! I prefer trains to planes. Always answer in French please. What is new?"))
                .containsExactly(
                        new StandingStatement(ItemType.INSTRUCTION, "Always answer in French please.", false),
                        new StandingStatement(ItemType.PREFERENCE, "I prefer trains to planes.", false));
        assertThat(StandingStatement.findIn("你好。我喜欢爬山。以后请用中文回答。"))
                .containsExactly(
                        new StandingStatement(ItemType.INSTRUCTION, "以后请用中文回答。", false),
                        new StandingStatement(ItemType.PREFERENCE, "我喜欢爬山。", false));
    }

    @Test
    void aMessageGivesThreeRemarksAtTheMost() {
        assertThat(StandingStatement.findIn(
                        "I like tea. I like jazz. I like rain. I like fog. Always answer in French please."))
                .extracting(StandingStatement::text)
                .containsExactly("Always answer in French please.", "I like tea.", "I like jazz.");
    }

    @Test
    void aRuleInALongerTextIsPartOfTheText() {
        String story = "The sun was low over the hills. ".repeat(8);
        assertThat(story).hasSizeBetween(250, 1_400);
        assertThat(StandingStatement.findIn(story + "Always answer in French please."))
                .isEmpty();
        assertThat(StandingStatement.findIn(story + "I prefer trains to planes."))
                .containsExactly(new StandingStatement(ItemType.PREFERENCE, "I prefer trains to planes.", false));
    }

    @Test
    void aTextOfTwoThousandCharactersWasPasted() {
        String pasted = "I prefer trains to planes. ".repeat(80).substring(0, 2_000);
        assertThat(StandingStatement.findIn(pasted)).isEmpty();
        assertThat(StandingStatement.findIn(pasted.substring(0, 1_500))).hasSize(3);
        assertThat(StandingStatement.findIn("I prefer trains to planes " + "x".repeat(280)))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a ", "the ", "of the ", "please ", "I ", "I really ", "i'd ", "!", " ", "我", "我很"})
    void hostileTextsEnd(String repeated) {
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            assertThat(StandingStatement.findIn(repeated.repeat(1_000_000 / repeated.length())))
                    .isEmpty();
            assertThat(StandingStatement.findIn(repeated.repeat(1_500 / repeated.length())))
                    .isEmpty();
            assertThat(StandingStatement.findIn(repeated.repeat(240 / repeated.length())))
                    .isEmpty();
        });
    }
}
