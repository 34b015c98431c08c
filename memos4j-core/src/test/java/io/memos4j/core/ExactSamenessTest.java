package io.memos4j.core;

import io.memos4j.api.ItemId;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Message;
import io.memos4j.api.items.Note;
import io.memos4j.api.search.SearchHit;
import io.memos4j.api.search.SearchRequest;
import io.memos4j.api.tasks.TaskKind;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/** Texts that differ in a digit, a sign, a symbol or an identifier are kept apart, and found by them. */
class ExactSamenessTest extends ConsolidationFixture {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            Our firmware team prefers to write drivers in C++  | Our firmware team prefers to write drivers in C#
            The freezer in the lab was set to -18 degrees      | The freezer in the lab was set to 18 degrees
            The correction of the ledger was +250 in March     | The correction of the ledger was -250 in March
            The ticket for the harbor tour costs $5            | The ticket for the harbor tour costs €5
            The alarm rings whenever the pressure is > 3       | The alarm rings whenever the pressure is < 3
            The review of the harbor plan says 👍               | The review of the harbor plan says 👎
            The export script reads the column user_id         | The export script reads the column userId
            The harbor office sends its forms to the US        | The harbor office sends its forms to the us
            I do like strong coffee in the morning             | I do not like strong coffee in the morning
            港口项目的验收报告已经提交给客户                         | 港口项目的验收报告未经提交给客户
            """)
    void oppositesAreNeitherMergedNorFolded(String first, String second) {
        List<ItemId> said = List.of(say(first, MARCH), say(second, JUNE));
        assertThat(cube.search(first).hits())
                .extracting(hit -> hit.item().text())
                .contains(first, second);
        run(TaskKind.MERGE);
        assertThat(said).allMatch(id -> state(id) == ItemState.ACTIVATED);
    }

    @Test
    void preferencesThatDifferInASymbolAreTwoHitsAndRestatedOnesAreOne() {
        say("I love C++.", MARCH);
        say("I love C#.", MARCH.plusSeconds(60));
        say("i love C++!", MARCH.plusSeconds(120));
        say("I love pizza.", MARCH.plusSeconds(180));
        say("i love pizza", MARCH.plusSeconds(240));
        assertThat(ofType(ItemType.PREFERENCE)).hasSize(5);
        assertThat(cube.search("what do I love").hits())
                .extracting(hit -> hit.item().text())
                .contains("I love C++.", "I love C#.", "I love pizza.")
                .doesNotContain("i love pizza");
    }

    @Test
    void twoPreferencesOfOneMessageAreNotFoldedIntoEachOther() {
        say("I love olives. I hate anchovies.", MARCH);
        List<SearchHit> hits = cube.search("what food do I love or hate").hits();
        assertThat(hits)
                .noneMatch(hit -> hit.item().text().equals("I love olives.")
                        && hit.duplicates().stream()
                                .anyMatch(
                                        id -> cube.get(id).orElseThrow().text().equals("I hate anchovies.")));
        assertThat(hits).isNotEmpty();
    }

    @Test
    void onlyALineAsItWasReturnedIsAnEcho() {
        say("The deploy key of the harbor server is named AbcDefGh", MARCH);
        String line =
                cube.search("deploy key harbor").context().lines().toList().getLast();
        assertThat(line).contains("AbcDefGh");
        cube.add(Message.user(line.replace("AbcDefGh", "abcDEFgh")).in("t").at(JUNE));
        cube.add(Message.user(line).in("t").at(JUNE.plusSeconds(60)));
        assertThat(ofType(ItemType.MESSAGE))
                .extracting(item -> item.text().equals(line), MemoryItem::state)
                .contains(tuple(true, ItemState.ARCHIVED))
                .doesNotContain(tuple(false, ItemState.ARCHIVED));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            ticket %s | SR-2023-045 | SR-2023-066;SR-2023-054;SR-2024-045;SR-2023-0451
            Invoice %s | 4711-B | 4711-C;4712-B;4711-BB
            the flag %s | ABC_DEF_9 | ABC_DEF_8;ABC_DEF_90;ABC_DEF
            the host %s | 192.168.0.17 | 192.168.0.171;192.168.0.71;10.168.0.17
            release %s | v2.3.1 | v2.3.2;v2.31;v2.3.12
            record %s | 123e4567-e89b-12d3-a456-426614174000 | 123e4567-e89b-12d3-a456-426614174001
            the account %s | ann.lee@mail.org | joann.lee@mail.org;ann.lee@mail.com
            the line %s | +49 30 901820 | +49 30 901821;+49 30 901802
            the book %s | 978-3-16-148410-0 | 978-3-16-148411-0;978-3-16-184410-0
            the file %s | harbor-plan.pdf | harbor-plan.txt;harbor-plans.pdf;harbor.pdf
            the language %s | C++ | C#;C;F#
            the field %s | userId | user_id;user
            """)
    void whatNamesTheIdentifierComesFirst(String subject, String identifier, String similar) {
        for (String other : similar.split(";")) {
            for (int day = 1; day < 6; day++) {
                cube.add(Note.of("Rita looks after " + subject.formatted(other) + " on day " + day));
            }
        }
        cube.add(Note.of("Somebody said in a meeting about the roof and the kitchen that Tom keeps " + identifier
                + ", and then we went on about the budget for plants."));
        assertThat(cube.awaitIdle(Duration.ofSeconds(30))).isTrue();
        List<SearchHit> hits = cube.search(SearchRequest.of("Who looks after " + subject.formatted(identifier) + "?")
                        .explained())
                .hits();
        assertThat(hits.getFirst().item().text()).startsWith("Somebody");
        assertThat(hits.getFirst().why()).contains("names " + identifier);
        assertThat(hits.get(1).why()).noneMatch(reason -> reason.startsWith("names "));
    }
}
