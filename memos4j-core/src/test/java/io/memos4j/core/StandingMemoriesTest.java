package io.memos4j.core;

import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.items.Feedback;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ItemEdit;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Message;
import io.memos4j.api.items.Note;
import io.memos4j.api.items.Selection;
import io.memos4j.api.search.SearchRequest;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.core.language.StandingMemory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests preferences and instructions, which are views on the messages that state them. */
class StandingMemoriesTest extends ConsolidationFixture {
    /** The statements that hold, by the view that the search, the prompt and the profile read. */
    private List<String> holding() {
        return StandingMemory.current(cube.list(ListRequest.first()
                                .limit(100)
                                .where(Filter.and(StandingMemory.FILTER, Filter.RECALLED)))
                        .items())
                .stream()
                .filter(each -> each.type() != ItemType.PROFILE)
                .map(StandingMemory::text)
                .toList();
    }

    private String profile() {
        run(TaskKind.PROFILE);
        return String.join("\n", recalled(ItemType.PROFILE));
    }

    private List<String> recalled(ItemType type) {
        return cube.list(ListRequest.first().where(Filter.and(Filter.type(type), Filter.RECALLED))).items().stream()
                .map(MemoryItem::text)
                .toList();
    }

    private void smallTalk() {
        for (int i = 0; i < 5; i++) {
            say("The bus was late again on day " + i, MARCH.plus(Duration.ofHours(i)));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Always answer in English.               | Always answer in Chinese.
            Please always reply in English.         | From now on, reply in German.
            Call me Captain.                        | Please call me Sam.
            I hate Chinese food.                    | I love Chinese food.
            I really like olives.                   | I can't stand olives.
            I prefer trains to planes.              | I prefer planes to trains.
            I'm a vegetarian.                       | I'm vegan now.
            Keep your answers short.                | Keep your answers detailed.
            Never use emojis.                       | Always use emojis.
            请总是用英文回答。                          | 以后请用中文回答。
            我讨厌中餐。                              | 我喜欢中餐。
            以后请叫我船长。                            | 请叫我小王。
            Antworte immer auf Englisch.            | Ab jetzt antworte immer auf Chinesisch.
            Ich hasse Sushi.                        | Ich liebe Sushi.
            Nenn mich Kapitän.                      | Bitte nenn mich Sam.
            Réponds toujours en anglais.            | Désormais, réponds en chinois.
            Je déteste les sushis.                  | J'adore les sushis.
            Appelle-moi Capitaine.                  | Appelle-moi Sam.
            Responde siempre en inglés.             | A partir de ahora, responde en chino.
            No me gusta el sushi.                   | Me encanta el sushi.
            Llámame Capitán.                        | Llámame Sam.
            """)
    void aStatementSucceedsAnother(String former, String newer) {
        ItemId first = say(former, MARCH);
        smallTalk();
        ItemId second = say(newer, JUNE);

        assertThat(state(first)).isEqualTo(ItemState.ARCHIVED);
        assertThat(cube.supersessions(first))
                .anySatisfy(each -> assertThat(each.successor()).isEqualTo(second));
        assertThat(holding()).containsExactly(newer);
        assertThat(profile()).contains(newer).doesNotContain(former);
        cube.reinstate(first);
        assertThat(state(first)).isEqualTo(ItemState.ACTIVATED);
        assertThat(holding()).containsExactly(newer);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Call me Captain.                  | Stop calling me Captain.
            Call me Captain.                  | Don't call me Captain anymore.
            I'm allergic to shellfish.        | I'm no longer allergic to shellfish.
            I love sushi.                     | I don't like sushi anymore.
            I'm a vegetarian.                 | I'm not a vegetarian anymore.
            Always answer in English.         | You no longer need to answer in English.
            Always cite your sources.         | You don't have to cite your sources anymore.
            Never mention my age.             | You can mention my age again.
            请叫我船长。                        | 别再叫我船长了。
            我对海鲜过敏。                       | 我对海鲜已经不过敏了。
            我喜欢寿司。                        | 我不喜欢寿司了。
            Nenn mich Kapitän.                | Nenn mich nicht mehr Kapitän.
            Ich bin allergisch gegen Nüsse.   | Ich bin nicht mehr allergisch gegen Nüsse.
            Ich mag Sushi.                    | Ich mag Sushi nicht mehr.
            Appelle-moi Capitaine.            | Ne m'appelle plus Capitaine.
            Je suis allergique aux noix.      | Je ne suis plus allergique aux noix.
            J'aime les sushis.                | Je n'aime plus les sushis.
            Llámame Capitán.                  | Deja de llamarme Capitán.
            Soy alérgica a las nueces.        | Ya no soy alérgica a las nueces.
            Me gusta el sushi.                | Ya no me gusta el sushi.
            """)
    void anEndedStatementHoldsNoMore(String statement, String end) {
        ItemId first = say(statement, MARCH);
        assertThat(holding()).containsExactly(statement);
        smallTalk();
        say(end, JUNE);

        assertThat(state(first)).isEqualTo(ItemState.ARCHIVED);
        assertThat(holding()).isEmpty();
        assertThat(profile()).doesNotContain(statement).doesNotContain(end);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            I love sushi.                     | I love jazz.
            I'm allergic to penicillin.       | I'm allergic to latex.
            I like dark chocolate.            | I hate dark chocolate with nuts.
            Always answer in English.         | Always cite your sources.
            I write in C++ and I love C++.    | I hate C#.
            我喜欢寿司。                        | 我喜欢爵士乐。
            Ich liebe Sushi.                  | Ich hasse Jazz.
            J'aime les sushis.                | J'aime le jazz.
            Me gusta el sushi.                | No me gusta el jazz.
            """)
    void statementsAboutDifferentThingsStandSideBySide(String one, String other) {
        say(one, MARCH);
        say(other, JUNE);

        assertThat(holding()).containsExactlyInAnyOrder(one, other);
        assertThat(profile()).contains(one).contains(other);
    }

    @Test
    void anotherPersonsPreferenceIsTheirOwn() {
        say("Alice", "I love sushi.", MARCH);
        say("Ben", "I hate sushi.", JUNE);
        say("Alice", "Ben loves jazz.", JUNE);

        assertThat(holding()).containsExactlyInAnyOrder("I love sushi.", "I hate sushi.");
        assertThat(profile()).contains("Alice: I love sushi.").contains("Ben: I hate sushi.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Do you think I like spicy food?",
                "Translate: I love you",
                "Translate this into French: I love sushi.",
                "\"I love sushi.\"",
                "My sister says I love sushi too much.",
                "And don't ever repeat it to anybody else.",
                "Never tell anyone about that.",
                "If I liked sushi, I would go there.",
                "Ben loves sushi.",
                "Let's play a game. You are a waiter and I love sushi.",
                "I used to love sushi.",
                "Answer in English until Friday, always answer in English until then.",
                "My coach told me you should always stretch first.",
                "你觉得我喜欢吃辣吗？",
                "翻译：我喜欢你",
                "他喜欢寿司。",
                "Glaubst du, ich mag Sushi?",
                "Ben liebt Sushi.",
                "Übersetze: Ich liebe dich",
                "Est-ce que j'aime les sushis ?",
                "Traduis : j'aime les sushis",
                "¿Crees que me gusta el sushi?",
                "Traduce: me gusta el sushi",
            })
    void thisIsNoStandingStatement(String message) {
        ItemId id = say(message, MARCH);

        assertThat(cube.get(id).orElseThrow().standing()).isEmpty();
        assertThat(holding()).isEmpty();
        assertThat(profile()).doesNotContain(message);
    }

    @Test
    void whatIsSaidInAGameIsNoStandingStatementEvenInAnotherCall() {
        say("Let's play a game: you are a pirate.", MARCH);
        ItemId inGame = say("Always answer in French.", MARCH.plusSeconds(60));
        cube.add(
                Message.user("Pretend I am a duke.").in("play").at(JUNE),
                Message.user("Call me Sir Galahad.").in("play").at(JUNE.plusSeconds(1)));

        assertThat(holding()).isEmpty();
        cube.update(inGame, ItemEdit.NOTHING.tags(Set.of("game")));
        assertThat(holding()).isEmpty();
    }

    @Test
    void theViewFollowsItsMessageThroughEveryChange() {
        ItemId id = say("I love sushi.", MARCH);
        cube.update(id, ItemEdit.text("I hate sushi."));
        assertThat(holding()).containsExactly("I hate sushi.");
        cube.update(id, ItemEdit.text("The weather was fine."));
        assertThat(holding()).isEmpty();
        cube.restore(id, 1);
        assertThat(holding()).containsExactly("I love sushi.");
        cube.update(id, ItemEdit.NOTHING.state(ItemState.ARCHIVED));
        assertThat(holding()).isEmpty();
        cube.reinstate(id);
        assertThat(holding()).containsExactly("I love sushi.");
        cube.update(id, ItemEdit.NOTHING.tags(Set.of("food")));
        assertThat(holding()).containsExactly("I love sushi.");
        cube.feedback(Feedback.correction("No, I can't stand sushi.", id));
        assertThat(holding()).doesNotContain("I love sushi.");
        assertThat(profile()).doesNotContain("I love sushi.");
    }

    @Test
    void aForgottenOrDeletedMessageLeavesNothing() {
        say("I'm allergic to shellfish.", MARCH);
        say("Forget that I'm allergic to shellfish.", JUNE);
        ItemId other = say("Always answer in English.", JUNE);
        assertThat(holding()).containsExactly("Always answer in English.");
        cube.delete(Selection.item(other));
        assertThat(holding()).isEmpty();
        assertThat(profile()).isEmpty();
    }

    @Test
    void aMessageIsOneItemAndFoundByTheTypesOfItsStatements() {
        cube.add(Message.user("I moved to Lyon. Please always answer in German. I love sushi.")
                .by("Alice")
                .with(Map.of("app", "demo"))
                .at(MARCH));

        assertThat(cube.list(ListRequest.first()).items()).hasSize(1);
        for (ItemType type : List.of(ItemType.MESSAGE, ItemType.PREFERENCE, ItemType.INSTRUCTION)) {
            assertThat(ofType(type))
                    .singleElement()
                    .satisfies(item -> assertThat(item.metadata()).isEqualTo(Map.of("app", "demo")));
            assertThat(cube.search(SearchRequest.of("German").where(Filter.type(type)))
                            .hits())
                    .hasSize(1);
        }
        assertThat(cube.list(ListRequest.first().where(Filter.not(Filter.type(ItemType.PREFERENCE))))
                        .items())
                .isEmpty();
        assertThat(holding()).containsExactly("Please always answer in German.", "I love sushi.");
    }

    @Test
    void ofSeveralThingsInAMessageOnlyTheStatementIsStandingAndTheNewerHolds() {
        say("Always answer in English.", MARCH);
        ItemId mixed = say("My cousin paints. Please always answer in German.", JUNE);
        smallTalk();

        assertThat(holding()).containsExactly("Please always answer in German.");
        assertThat(cube.search(SearchRequest.of("bus late day").limit(5)).context())
                .startsWith("Standing instructions of the user:\n[1] Please always answer in German.\n")
                .doesNotContain("My cousin")
                .doesNotContain("English");
        assertThat(state(mixed)).isEqualTo(ItemState.ACTIVATED);
    }

    @Test
    void standingMemoriesTakeAQuarterOfTheContextAtMost() {
        for (int i = 0; i < 4; i++) {
            cube.add(Note.of("Always mention the rule number " + i + " and its reasons, which are long and many")
                    .as(ItemType.INSTRUCTION));
        }
        smallTalk();
        int budget = 160;
        String context = cube.search(SearchRequest.of("bus late day").limit(5).maxTokens(budget))
                .context();

        assertThat(context).contains("The bus was late").containsOnlyOnce("rule number");
    }

    @Test
    void aCorrectedTextIsNotFoldedAwayAsADuplicate() {
        ItemId id = say("I love hiking in the Alps.", MARCH);
        say("The bus was late.", MARCH);
        cube.update(id, ItemEdit.text("I hate hiking in the Alps."));
        run(TaskKind.MERGE);

        assertThat(state(id)).isEqualTo(ItemState.ACTIVATED);
        assertThat(cube.search("Do I love hiking in the Alps?").context())
                .contains("I hate hiking in the Alps.")
                .doesNotContain("I love hiking in the Alps.");
    }

    /** Whatever happens to messages, the view and the profile say nothing that no recalled message says. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void noViewContradictsItsMessage(long seed) {
        Random random = new Random(seed);
        List<String> texts = List.of(
                "I love sushi.",
                "I hate sushi.",
                "I no longer like sushi.",
                "Always answer in English.",
                "Always answer in German.",
                "You no longer need to answer in German.",
                "Call me Captain.",
                "Stop calling me Captain.",
                "The bus was late.");
        List<ItemId> ids = new ArrayList<>();
        for (int step = 0; step < 40; step++) {
            String text = texts.get(random.nextInt(texts.size()));
            if (ids.size() < 3 || random.nextInt(3) == 0) {
                ids.add(say(text, MARCH.plus(Duration.ofHours(step))));
                continue;
            }
            change(cube, ids.get(random.nextInt(ids.size())), text, random.nextInt(4));
            if (step % 8 == 0) {
                requireConsistent(profile());
            }
            requireConsistent(String.join(" ", holding()));
        }
        requireConsistent(profile());
    }

    private static void change(MemCube cube, ItemId id, String text, int kind) {
        boolean recalled = cube.get(id).orElseThrow().state().isRecalled();
        switch (kind) {
            case 0 -> cube.update(id, ItemEdit.text(text));
            case 1 -> cube.update(id, ItemEdit.NOTHING.tags(Set.of(text)));
            case 2 -> {
                if (recalled) {
                    cube.update(id, ItemEdit.NOTHING.state(ItemState.ARCHIVED));
                }
            }
            default -> cube.reinstate(id);
        }
    }

    private void requireConsistent(String view) {
        List<String> said = recalled(ItemType.MESSAGE);
        for (List<String> opposites : List.of(
                List.of("I love sushi.", "I hate sushi."),
                List.of("Always answer in English.", "Always answer in German."),
                List.of("Call me Captain.", "I no longer like sushi."),
                List.of("Stop calling me Captain.", "The bus was late."))) {
            for (String text : opposites) {
                assertThat(!view.contains(text) || said.contains(text)).as(text).isTrue();
            }
        }
        assertThat(view.contains("I love sushi.") && view.contains("I hate sushi."))
                .isFalse();
        assertThat(view.contains("in English.") && view.contains("Always answer in German."))
                .isFalse();
        assertThat(view)
                .doesNotContain("no longer")
                .doesNotContain("Stop calling")
                .doesNotContain("bus");
    }
}
