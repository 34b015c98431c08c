package io.memos4j.core;

import io.memos4j.api.MemCube;
import io.memos4j.api.Warning;
import io.memos4j.api.items.AddResult;
import io.memos4j.api.items.AddResult.Outcome;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.Message;
import io.memos4j.api.items.Role;
import io.memos4j.api.search.SearchHit;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a user asserts comes before questions and before what an assistant says about the user, speakers are the subject
 * of "I", and short answers take their question; among other messages, with the bundled embedder.
 */
class SpeakersAndQuestionsTest extends ConversationFixture {
    private MemCube remember(String... groups) {
        return remember("talk ", Duration.ofMinutes(2), groups);
    }

    private static List<String> ask(MemCube cube, String question) {
        return texts(search(cube, question));
    }

    private static List<String> texts(List<SearchHit> hits) {
        return hits.stream().map(hit -> hit.item().text()).toList();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            I live in Lyon, close to the station. | Where do I live? // A: You live in Paris. | Where do I live, again?
            My dentist is Dr. Okafor. | Who is my dentist? // A: Your dentist is Dr. Brandt. | Who was my dentist again?
            I work as a glazier. | what do i do for work // A: You are a plumber. | What do I work as?
            我住在大连。 | 我住在哪里？ // A: 你住在北京。 | 我现在住在哪里？
            Ich wohne in Kassel. | Wo wohne ich? // A: Du wohnst in Bremen. | Wo wohne ich nochmal?
            J'habite à Lille. | Où est-ce que j'habite ? // A: Tu habites à Nantes. | Où est-ce que j'habite déjà ?
            Vivo en Bilbao. | ¿Dónde vivo? // A: Vives en Madrid. | ¿Dónde vivo yo?
            """)
    void anAssertionComesBeforeQuestionsAndWrongAnswers(String said, String exchange, String question) {
        MemCube cube = remember(said, exchange, exchange);

        assertThat(ask(cube, question).getFirst()).isEqualTo(said);
        assertThat(ask(cube, exchange.split(" // ")[0]).getFirst()).isEqualTo(said);
    }

    @Test
    void anAssistantThatRepeatsAMemoryDoesNotComeBeforeIt() {
        String said = "My bike lock is from Hartmann in Mill Lane.";
        MemCube cube =
                remember(said, "Where is my bike lock from? // A: Your bike lock is from Hartmann in Mill Lane.");

        assertThat(ask(cube, "Where is my bike lock from?").getFirst()).isEqualTo(said);
    }

    @Test
    void questionsAreFoundWhenTheyAreAskedFor() {
        MemCube cube = remember("I have been to Lisbon twice.", "What is the best month for Lisbon?");

        assertThat(ask(cube, "What did I ask about Lisbon?").getFirst())
                .isEqualTo("What is the best month for Lisbon?");
        assertThat(ask(cube, "Have I already asked which month is best for Lisbon?")
                        .getFirst())
                .isEqualTo("What is the best month for Lisbon?");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            What restaurant did you recommend? | I am in Porto next week. Where should I eat? \
            // A: Try Taberna Santo António for caldo verde, it is small, so book a table.
            How do I descale the kettle? | My kettle is full of limescale again. \
            // A: Fill the kettle with equal parts of vinegar and water, boil, wait an hour, rinse twice to descale it.
            """)
    void whatAnAssistantTellsStaysEvidence(String question, String exchange) {
        MemCube cube = remember(exchange, "Which restaurant is open?");

        assertThat(ask(cube, question).subList(0, 2)).contains(exchange.split(" // A: ")[1]);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Where does Alice live?        | Alice: I moved to Lyon last week.
            What is Alice allergic to?    | Alice is allergic to peanuts.
            """)
    void aSpeakerIsTheSubjectOfFirstPersonStatements(String question, String evidence) {
        MemCube cube = remember(
                "Alice: I moved to Lyon last week.",
                "Alice: I started bouldering with Tom. // Alice is allergic to peanuts.",
                "Alice: My new job is at the harbor office.");

        assertThat(ask(cube, question).getFirst()).isEqualTo(evidence.replace("Alice: ", ""));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Are you still in Lyon?          | No, Ghent now.           | I live in Lyon.          | Where do I live?
            Are you still in Lyon?          | Moved to Ghent.          | I live in Lyon.          | Where do I live?
            Do you still work at Contoso?   | Not any more.            | I work at Contoso.       | Where do I work?
            你还住在大连吗？                   | 不，现在在沈阳。           | 我住在大连。               | 我住在哪里？
            Wohnst du noch in Kassel?       | Nein, jetzt Jena.        | Ich wohne in Kassel.     | Wo wohne ich?
            Tu habites toujours à Lille ? | Non, à Brest maintenant. | J'habite à Lille. | Où est-ce que j'habite ?
            ¿Sigues viviendo en Bilbao?     | No, ahora en León.       | Vivo en Bilbao.          | ¿Dónde vivo?
            ¿Sigues trabajando en Iberdrola? | Ya no.                  | Trabajo en Iberdrola.    | ¿Dónde trabajo?
            """)
    void aShortAnswerEndsWhatItsQuestionNames(String asked, String answer, String former, String question) {
        MemCube cube = remember(former, "A: " + asked + " // " + answer);

        List<SearchHit> hits = search(cube, question);
        List<String> texts = texts(hits);
        assertThat(texts.getFirst()).isEqualTo(answer);
        assertThat(hits.get(texts.indexOf(former)).successor())
                .contains(hits.getFirst().item().id());
        assertThat(cube.search(question).context()).contains(answer + " (asked: " + asked + ")");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Do you have any pets?         | A cat.              | What pets do I have?
            What is your favorite drink?  | Oat flat white.     | What do I like to drink?
            你有宠物吗？                     | 一只猫。              | 我养了什么宠物？
            Hast du Haustiere?            | Eine Katze.         | Welche Haustiere habe ich?
            Tu as des animaux ?           | Un chat.            | Quels animaux ai-je ?
            ¿Tienes mascotas?             | Un gato.            | ¿Qué mascotas tengo?
            """)
    void aShortAnswerIsFoundByTheWordsOfItsQuestion(String asked, String answer, String question) {
        assertThat(ask(remember("A: " + asked + " // " + answer, "The bus is full."), question)
                        .getFirst())
                .isEqualTo(answer);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Are you still in Lyon?             | Still Lyon.
            Are you still in Lyon?             | Yes.
            Have you been to Lyon recently?    | No.
            Do you like Lyon?                  | No, not really.
            Is your sister still in Lyon?      | No, Ghent now.
            Do you still like Lyon?            | Not any more.
            Do you still sell books in Ghent?  | No, never again.
            """)
    void anAnswerToAnotherQuestionEndsNothing(String asked, String answer) {
        List<SearchHit> hits = search(remember("I live in Lyon.", "A: " + asked + " // " + answer), "Where do I live?");

        SearchHit home = hits.get(texts(hits).indexOf("I live in Lyon."));
        assertThat(home.successor()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            I take metformin.                     | The doctor took me off metformin.        | Do I take metformin?
            Billing is handled by Sven.           | Billing was handed over to Rita          | Who handles billing?
            我对海鲜过敏。                           | 复查结果显示我对海鲜不过敏                    | 我对海鲜过敏吗？
            I take lisinopril for my blood pressure. | My cardiologist took me off lisinopril. | Do I take lisinopril?
            I have a gym membership at Fitwell. | I cancelled my gym membership. | Do I have a gym membership?
            We have a dog called Bruno.           | Bruno passed away on Sunday.             | Do we have a dog?
            Petra leads the mobile team. | Petra stepped down as lead of the mobile team. | Who leads the mobile team?
            I subscribe to the Morning Post.|I let my subscription to the Morning Post lapse.|Do I get the Morning Post?
            Je prends du Kardegic tous les matins. | Le médecin a arrêté le Kardegic.        | Je prends du Kardegic ?
            Je suis abonnée à Canal Vert. | J'ai résilié mon abonnement à Canal Vert. | Suis-je abonnée à Canal Vert ?
            Ich nehme jeden Morgen Ramipril.      | Der Arzt hat Ramipril abgesetzt.         | Nehme ich Ramipril?
            Tomo Enalapril cada mañana.           | El médico me quitó el Enalapril.         | ¿Tomo Enalapril?
            Soy socio del gimnasio Altea. | Me di de baja del gimnasio Altea. | ¿Soy socio de un gimnasio?
            我每天吃阿司匹林。                        | 医生让我停了阿司匹林。                      | 我在吃阿司匹林吗？
            我在健身房办了会员卡。                     | 健身房的会员卡我退了。                      | 我有健身房会员卡吗？
            账单由小王负责。                          | 账单交给小李负责了。                        | 谁负责账单？
            """)
    void anEndIsKnownWithoutASuccessor(String former, String end, String question) {
        List<String> texts = ask(remember(former, end), question);

        assertThat(texts).contains(end);
        assertThat(texts.indexOf(former) == -1 || texts.indexOf(former) > texts.indexOf(end))
                .as("'%s' stands behind", former)
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[image_url]", "[image]", "[audio]\n[image: https://example.org/a.png]", "[attachment]"})
    void placeholdersAreKeptButNotRecalled(String text) {
        assertNotRecalled(Message.user(text), "no words");
    }

    @Test
    void systemPromptsAreKeptButNotRecalled() {
        assertNotRecalled(Message.of(Role.SYSTEM, "You are a guide. The user lives on Earth."), "system prompt");
    }

    private void assertNotRecalled(Message message, String reason) {
        MemCube cube = remember("I live in Lyon.");
        AddResult result = cube.add(message.in("s"));

        assertThat(result.items()).extracting(AddResult.Added::outcome).containsExactly(Outcome.NOT_RECALLED);
        assertThat(result.warnings()).extracting(Warning::code).containsExactly("not_recalled");
        assertThat(result.warnings().getFirst().message()).contains(reason);
        assertThat(ask(cube, "Where does the user live? " + message.text())).doesNotContain(message.text());
        assertThat(cube.get(result.ids().getFirst()).orElseThrow().state()).isEqualTo(ItemState.ARCHIVED);
        assertThat(cube.get(result.ids().getFirst()).orElseThrow().text()).isEqualTo(message.text());
    }

    @Test
    void wordsBesideAPlaceholderAreRecalled() {
        MemCube cube = remember("I live in Lyon.");
        AddResult result =
                cube.add(Message.user("[image]\nThis is my new canoe.").in("s"));
        assertThat(cube.awaitIdle(Duration.ofMinutes(1))).isTrue();

        assertThat(result.items()).extracting(AddResult.Added::outcome).containsExactly(Outcome.ADDED);
        assertThat(ask(cube, "Which canoe is mine?").getFirst()).contains("canoe");
    }
}
