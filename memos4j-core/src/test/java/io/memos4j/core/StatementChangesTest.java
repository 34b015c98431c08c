package io.memos4j.core;

import io.memos4j.api.MemCube;
import io.memos4j.api.Warning;
import io.memos4j.api.items.AddResult;
import io.memos4j.api.items.AddResult.Outcome;
import io.memos4j.api.items.Message;
import io.memos4j.api.search.SearchHit;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * True statements stay and are never marked as out of date, changes are known, and requests to forget cover what they
 * describe; in everyday wordings among other messages, with the bundled embedder and without a language model.
 */
class StatementChangesTest extends ConversationFixture {
    private MemCube remember(String... statements) {
        return remember("day ", Duration.ofHours(3), statements);
    }

    private static int rank(List<SearchHit> hits, String text) {
        return hits.stream().map(hit -> hit.item().text()).toList().indexOf(text);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            My dog is a Labrador.         | My dog is 3 years old.                     | What breed is my dog?
            My manager is Dana Cole.      | My manager is out sick today.              | Who is my manager?
            My accountant is Greta Holm.  | My accountant is on parental leave.        | Who is my accountant?
            My manager is Dana Cole.      | My manager started a podcast.              | Who is my manager?
            My allergy is penicillin.     | My allergy is latex.                       | What allergy do I have?
            My name is Nadia.             | Let's play a game. // My name is Galahad.  | What is my name?
            My name is Nadia.             | My name is Rosa. // Just kidding!          | What is my name?
            I live in Lyon.               | I moved to Linux last year.                | Where do I live?
            I live in Lyon.               | I practically live in Slack these days.    | Where do I live?
            I live in Utrecht.            | My sister now lives in Delft.              | Where do I live?
            I live in Utrecht.            | I moved to Delft when I was six.           | Where do I live?
            I live in Utrecht.            | What if I moved to Delft?                  | Where do I live?
            I'm married to Anna.          | I'm married to my job.                     | Who am I married to?
            My phone number is 555-1111.  | My phone number is 555-2222 until Friday.  | What is my phone number?
            Tom is allergic to nuts.      | Ben is allergic to nuts.                   | What is Tom allergic to?
            My mother is allergic to bees. | My mother started a pottery course. | What is my mother allergic to?
            Our printer is a Brother.     | Our printer is out of toner again.         | What make is our printer?
            Ticket SR-2023-045 is about brakes. | Ticket SR-2023-066 is about doors. | What is ticket SR-2023-045 about?
            I write the firmware in C++. | I write the desktop tool in C#. | What do I write the firmware in?
            My budget is 900 euros.       | Translate this: // My budget is 50 euros.  | What is my budget?
            我在腾讯工作                    | 我在上海工作                                 | 我在哪家公司工作？
            我的经理是王芳                   | 我的经理今天请假了                             | 我的经理是谁？
            Meine Ärztin heißt Lena Vogt. | Meine Ärztin ist diese Woche im Urlaub.    | Wie heißt meine Ärztin?
            J'habite à Rennes.            | Ma sœur habite maintenant à Brest.         | Où est-ce que j'habite ?
            Mi jefa es Lucía Ferrer.      | Mi jefa está de viaje esta semana.         | ¿Quién es mi jefa?
            """)
    void aTrueStatementStaysAndIsNotMarked(String first, String second, String question) {
        List<SearchHit> hits = search(remember(first, second), question);

        int rank = rank(hits, first);
        assertThat(rank).as("rank of '%s'", first).isBetween(0, 4);
        assertThat(hits.get(rank).successor()).isEmpty();
        assertThat(hits.get(rank).item().times().validTo()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            I live in Lyon.                     | I moved to Ghent.                         | Where do I live?
            My landlord is Mr. Peeters.         | My landlord is now Ms. Claes.             | Who is my landlord?
            My phone number is 555-1111.        | My phone number is 555-2222.              | What is my phone number?
            My rent is 700 euros.               | My rent went up to 760 euros.             | How much is my rent?
            I take metformin every morning.     | The doctor took me off metformin.         | Do I take metformin?
            I drive an old Saab.                | I sold the Saab last month.               | Do I still drive a Saab?
            I love Chinese food.                | I hate Chinese food.                      | Do I like Chinese food?
            I'm allergic to shellfish. | I'm no longer allergic to shellfish. | Am I allergic to shellfish?
            Always answer in Chinese. | Always answer in English. | In which language should you answer?
            Our weekly meeting is on Monday. | Our weekly meeting was moved to Tuesday. | When is our weekly meeting?
            The parcel weighs 12 kg. | Actually no, it's 21 kg. | How much does the parcel weigh?
            我住在大连                           | 我搬到沈阳了                                | 我住在哪里？
            我对海鲜过敏                         | 复查结果显示我对海鲜不过敏                      | 我对海鲜过敏吗？
            Ich wohne in Kassel.                | Ich bin nach Jena gezogen.                | Wo wohne ich?
            J'habite à Lille.                   | J'ai déménagé à Brest.                    | Où est-ce que j'habite ?
            Vivo en Bilbao.                     | Ahora vivo en León.                       | ¿Dónde vivo?
            """)
    void aChangeComesBeforeWhatItReplaces(String former, String change, String question) {
        List<SearchHit> hits = search(remember(former, change), question);

        int rank = rank(hits, change);
        assertThat(rank).as("rank of '%s'", change).isBetween(0, 4);
        int formerRank = rank(hits, former);
        assertThat(formerRank == -1 || formerRank > rank)
                .as("'%s' stands behind", former)
                .isTrue();
    }

    @Test
    void aCorrectionBelongsToTheTurnBefore() {
        List<SearchHit> hits =
                search(remember("My birthday is May 5. // Sorry, I meant May 6."), "When is my birthday?");

        assertThat(rank(hits, "Sorry, I meant May 6.")).isZero();
        assertThat(rank(hits, "My birthday is May 5.")).isPositive();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            My PIN is 4711.                            | Forget my PIN.                            | What is my PIN?
            My colleague Ferit wants another job. | Forget what I told you about Ferit. | What does Ferit want?
            I had an operation in March. | Please don't remember that I had an operation. | Did I have an operation?
            我的银行卡密码是4711                         | 把我的银行卡密码忘掉                         | 我的银行卡密码是多少？
            Mein Gehalt ist 61.000 Euro. | Vergiss, was ich über mein Gehalt gesagt habe. | Wie hoch ist mein Gehalt?
            """)
    void whatARequestToForgetCoversIsShownNoMore(String memory, String request, String question) {
        assertThat(search(remember(memory, request), question))
                .extracting(hit -> hit.item().text())
                .doesNotContain(memory);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Please delete the temp files from the build server.",
                "Forget Paris, let's plan the trip to Rome instead.",
                "Erase the whiteboard in room 4 after class.",
                "删除测试环境里的旧日志文件",
            })
    void aRequestAboutSomethingElseIsAMessageLikeOthers(String message) {
        MemCube cube = remember("I have a cat.");

        assertThat(cube.add(Message.user(message)).items())
                .extracting(AddResult.Added::outcome)
                .containsExactly(Outcome.ADDED);
        assertThat(search(cube, message)).extracting(hit -> hit.item().text()).contains(message);
    }

    @Test
    void aRequestThatCoversNothingSaysSo() {
        AddResult result = remember("I have a cat.").add(Message.user("Please forget my old address."));

        assertThat(result.items()).extracting(AddResult.Added::outcome).containsExactly(Outcome.ADDED);
        assertThat(result.warnings()).extracting(Warning::code).containsExactly("nothing_forgotten");
    }

    @Test
    void nobodysWordsAreForgottenAtTheRequestOfAnotherUser() {
        MemCube cube = cube("shared");
        cube.add(Message.user("My PIN is 4711.").by("Ana").at(MONDAY));

        AddResult result = cube.add(Message.user("Forget my PIN.").by("Ben"));

        assertThat(result.warnings()).extracting(Warning::code).containsExactly("nothing_forgotten");
        assertThat(search(cube, "What is my PIN?"))
                .extracting(hit -> hit.item().text())
                .contains("My PIN is 4711.");
    }
}
