package io.memos4j.core.language;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class IdentifierTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            What is ticket SR-2023-045 about? | SR-2023-045 | The SR-2023-045's brakes. | SR-2023-066 is about doors
            Who paid Invoice 4711-B? | 4711-B | Invoice 4711-B was paid by Rita. | Invoice 4711-C is open
            Where is ABC_DEF_9 set? | ABC_DEF_9 | abc_def_9=1 | ABC_DEF_8 is unset
            Which host is 192.168.0.17? | 192.168.0.17 | The printer (192.168.0.17:80) | 192.168.0.171 is the door
            What changed in v2.3.1? | v2.3.1 | v2.3.1: faster | v2.3.12: slower
            123e4567-e89b-12d3-a456-4266 | 123e4567-e89b-12d3-a456-4266 | 123E4567-E89B-12D3-A456-4266. | a456-4266
            Who is ann@mail.org? | ann@mail.org | Write to ann@mail.org, please | joann@mail.org is Jo
            Whose number is +49 30 901820? | +49 30 901820 | Call +49-30-901820 | Call +49 30 901821
            Who wrote 978-3-16-148410-0? | 978-3-16-148410-0 | ISBN 9783161484100 is by Kim | ISBN 978-3-16-148411-0
            What is in report.final.pdf? | report.final.pdf | report.final.pdf holds sums | draft.pdf holds notes
            Who writes C++? | C++ | Ana writes C++17 and Go | Ben writes C#
            Who writes F#? | F# | Ana writes F#. | Ben writes F
            What is userId for? | userId | The userId is a key | The user_id is a name
            Does .NET run here? | .NET | It runs on .NET 8 | The net is down
            发票INV-88812的金额是多少？ | INV-88812 | 发票INV-88812已付款 | 发票INV-88813未付款
            Open /etc/nginx/site.conf | /etc/nginx/site.conf | /etc/nginx/site.conf is broken | /etc/nginx/site.con
            """)
    void anIdentifierIsToldFromWhatResemblesIt(String query, String identifier, String exact, String similar) {
        assertThat(Identifier.find(query)).extracting(Identifier::text).containsExactly(identifier);
        Identifier asked = Identifier.find(query).getFirst();
        assertThat(asked.matcher().test(exact)).isTrue();
        assertThat(asked.matcher().test(similar)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            SR-2023-045     | ticket SR-2023-066   | The ferry was late
            4711-B          | see 4711-C           | I paid 20 euros
            v2.3.1          | since v2.4.0         | It is version two
            192.168.0.17    | 10.0.0.17 is down    | 17 hosts are down
            C++             | I like C#            | I like Rust
            C++             | I like C             | I like c'est la vie
            user_id         | the userId           | the user
            ann@mail.org    | bob@mail.org         | the mail of Ann
            sums.txt        | see sums.csv       | notes.txt
            Node.js         | node.ts runs         | index.js runs
            """)
    void whatResemblesAnIdentifierIsKnown(String identifier, String similar, String other) {
        Identifier asked = Identifier.find(identifier).getFirst();
        assertThat(asked.resemblesOneIn(similar)).isTrue();
        assertThat(asked.resemblesOneIn(other)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "When did I move to Lyon in 2023?",
                "What did I do on 2023-05-08 at 10:30am?",
                "How did the 3-day trip on 8/5/2023 go?",
                "Did I run 5km or 10.5 km on the 3rd?",
                "Was it from 2010 - 2015 or in the 1990s?",
                "Who's Anna's sister, e.g. the one I can't stand?",
                "Is 20mg for 24/7 use OK, he/she asked; and 2pm-4pm?",
                "Since mid-2023 we had covid-19 and 1,000,000 views",
                "我在2023年5月8日做了什么？",
                "Wie hoch ist die Miete von 1.000 € im Jahr 2024/25?",
            })
    void ordinaryQuestionsNameNoIdentifier(String query) {
        assertThat(Identifier.find(query)).isEmpty();
    }
}
