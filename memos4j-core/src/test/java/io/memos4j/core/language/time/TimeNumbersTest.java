package io.memos4j.core.language.time;

import java.time.LocalDate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Numbers with separators, decimals and words, vague and huge ones: resolved rightly or not at all. */
class TimeNumbersTest {
    /** A Wednesday. */
    private static final LocalDate NOW = LocalDate.parse("2024-05-15");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            We met 1.5 years ago.                       | 1.5 years ago            | 2022-11-01 | 2022-12-01
            We met 2.5 years ago.                       | 2.5 years ago            | 2021-11-01 | 2021-12-01
            We met 1.25 years ago.                      | 1.25 years ago           | 2023-02-01 | 2023-03-01
            We met 1.3 years ago.                       | 1.3 years ago            | 2023-01-01 | 2023-03-01
            We met 1,200 days ago.                      | 1,200 days ago           | 2021-01-31 | 2021-02-01
            We met 10,000 days ago.                     | 10,000 days ago          | 1996-12-28 | 1996-12-29
            We met 1200 days ago.                       | 1200 days ago            | 2021-01-31 | 2021-02-01
            We met 3½ weeks ago.                        | 3½ weeks ago             | 2024-04-15 | 2024-04-22
            We met 3 1/2 weeks ago.                     | 3 1/2 weeks ago          | 2024-04-15 | 2024-04-22
            We met two and a half years ago.            | two and a half years ago | 2021-11-01 | 2021-12-01
            We met a year and a half ago.               | a year and a half ago    | 2022-11-01 | 2022-12-01
            We met one and a half months ago.           | one and a half months ago | 2024-03-25 | 2024-04-01
            We met half a year ago.                     | half a year ago          | 2023-11-01 | 2023-12-01
            We met half a decade ago.                   | half a decade ago        | 2019-01-01 | 2020-01-01
            We met a couple of decades ago.             | a couple of decades ago  | 2000-01-01 | 2010-01-01
            It fell two centuries ago.                  | two centuries ago        | 1800-01-01 | 1900-01-01
            We met twenty-five days ago.                | twenty-five days ago     | 2024-04-20 | 2024-04-21
            We met twenty five days ago.                | twenty five days ago     | 2024-04-20 | 2024-04-21
            We met a hundred days ago.                  | a hundred days ago       | 2024-02-05 | 2024-02-06
            We met one hundred and two days ago.        | one hundred and two days ago | 2024-02-03 | 2024-02-04
            We met one thousand two hundred days ago.   | one thousand two hundred days ago | 2021-01-31 | 2021-02-01
            We met 2-3 weeks ago.                       | 2-3 weeks ago            | 2024-04-22 | 2024-05-06
            We met two or three weeks ago.              | two or three weeks ago   | 2024-04-22 | 2024-05-06
            I bought an iPhone 15 two weeks ago.        | two weeks ago            | 2024-04-29 | 2024-05-06
            I bought one two days ago.                  | two days ago             | 2024-05-13 | 2024-05-14
            At that point two days ago we left.         | two days ago             | 2024-05-13 | 2024-05-14
            We met in the past 1.5 years.               | the past 1.5 years       | 2022-11-15 | 2024-05-16
            We meet in 1.5 years.                       | in 1.5 years             | 2025-11-01 | 2025-12-01
            我们两年半前见面                               | 两年半前                  | 2021-11-01 | 2021-12-01
            我们1.5年前见面                               | 1.5年前                   | 2022-11-01 | 2022-12-01
            我们三个半月前见面                              | 三个半月前                 | 2024-01-29 | 2024-02-05
            我们半年前见面                                 | 半年前                    | 2023-11-01 | 2023-12-01
            我们一千二百天前见面                             | 一千二百天前               | 2021-01-31 | 2021-02-01
            我们1,200天前见面                              | 1,200天前                 | 2021-01-31 | 2021-02-01
            我们３天前见面                                 | ３天前                    | 2024-05-12 | 2024-05-13
            我们１．５年前见面                              | １．５年前                 | 2022-11-01 | 2022-12-01
            最近一年半                                    | 最近一年半                 | 2022-11-15 | 2024-05-16
            2022年前他在北京                               | 2022年                    | 2022-01-01 | 2023-01-01
            """)
    void numbers_are_read_whole(String text, String words, LocalDate from, LocalDate until) {
        assertThat(TimeExpressionFinder.find(text, NOW)).singleElement().satisfies(found -> {
            assertThat(found.text()).isEqualTo(words);
            assertThat(found.from()).isEqualTo(from);
            assertThat(found.until()).isEqualTo(until);
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Wir trafen uns vor 1.200 Tagen.            | vor 1.200 Tagen           | 2021-01-31 | 2021-02-01
            Wir trafen uns vor 1,5 Jahren.             | vor 1,5 Jahren            | 2022-11-01 | 2022-12-01
            Wir trafen uns vor anderthalb Jahren.      | vor anderthalb Jahren     | 2022-11-01 | 2022-12-01
            Wir trafen uns vor zweieinhalb Jahren.     | vor zweieinhalb Jahren    | 2021-11-01 | 2021-12-01
            Wir trafen uns vor einem halben Jahr.      | vor einem halben Jahr     | 2023-11-01 | 2023-12-01
            Wir trafen uns vor ein paar Tagen.         | vor ein paar Tagen        | 2024-05-10 | 2024-05-14
            Wir trafen uns vor 3½ Wochen.              | vor 3½ Wochen             | 2024-04-15 | 2024-04-22
            Wir trafen uns gestern Abend.              | gestern Abend             | 2024-05-14 | 2024-05-15
            Vorgestern regnete es.                     | Vorgestern                | 2024-05-13 | 2024-05-14
            Übermorgen fahre ich.                      | Übermorgen                | 2024-05-17 | 2024-05-18
            Ich fahre morgen früh.                     | morgen früh               | 2024-05-16 | 2024-05-17
            Wir trafen uns letzten Freitag.            | letzten Freitag           | 2024-05-10 | 2024-05-11
            Wir trafen uns letzte Woche.               | letzte Woche              | 2024-05-06 | 2024-05-13
            Wir sehen uns nächstes Jahr.               | nächstes Jahr             | 2025-01-01 | 2026-01-01
            Wir trafen uns am 7. März 2023.            | 7. März 2023              | 2023-03-07 | 2023-03-08
            Wir trafen uns am 7.3.2023.                | 7.3.2023                  | 2023-03-07 | 2023-03-08
            In den letzten zwei Wochen war ich krank.  | den letzten zwei Wochen   | 2024-05-01 | 2024-05-16
            On s'est vus il y a 1 200 jours.           | il y a 1 200 jours        | 2021-01-31 | 2021-02-01
            On s'est vus il y a 1,5 an.                | il y a 1,5 an             | 2022-11-01 | 2022-12-01
            On s'est vus il y a deux ans et demi.      | il y a deux ans et demi   | 2021-11-01 | 2021-12-01
            On s'est vus avant-hier.                   | avant-hier                | 2024-05-13 | 2024-05-14
            On s'est vus hier soir.                    | hier soir                 | 2024-05-14 | 2024-05-15
            Aujourd’hui, il pleut.                     | Aujourd’hui               | 2024-05-15 | 2024-05-16
            On s'est vus la semaine dernière.          | la semaine dernière       | 2024-05-06 | 2024-05-13
            On s'est vus vendredi dernier.             | vendredi dernier          | 2024-05-10 | 2024-05-11
            On se voit dans trois jours.               | dans trois jours          | 2024-05-18 | 2024-05-19
            On s'est vus le 7 mars 2023.               | 7 mars 2023               | 2023-03-07 | 2023-03-08
            Nos vimos hace 1.200 días.                 | hace 1.200 días           | 2021-01-31 | 2021-02-01
            Nos vimos hace 1,5 años.                   | hace 1,5 años             | 2022-11-01 | 2022-12-01
            Nos vimos hace dos años y medio.           | hace dos años y medio     | 2021-11-01 | 2021-12-01
            Nos vimos hace medio año.                  | hace medio año            | 2023-11-01 | 2023-12-01
            Nos vimos anteayer.                        | anteayer                  | 2024-05-13 | 2024-05-14
            Nos vemos pasado mañana.                   | pasado mañana             | 2024-05-17 | 2024-05-18
            Nos vemos mañana por la mañana.            | mañana por la mañana      | 2024-05-16 | 2024-05-17
            Nos vimos la semana pasada.                | la semana pasada          | 2024-05-06 | 2024-05-13
            Nos vimos el viernes pasado.               | el viernes pasado         | 2024-05-10 | 2024-05-11
            Nos vimos el 7 de marzo de 2023.           | 7 de marzo de 2023        | 2023-03-07 | 2023-03-08
            """)
    void german_french_and_spanish_have_their_own_conventions(
            String text, String words, LocalDate from, LocalDate until) {
        numbers_are_read_whole(text, words, from, until);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "It fell 2,500 years ago.",
                "It fell 2,000 years ago.",
                "It fell a million years ago.",
                "It fell two million years ago.",
                "It fell millions of years ago.",
                "It fell 66 million years ago.",
                "It fell 4.5 billion years ago.",
                "It fell 10^9 days ago.",
                "It fell 1e9 days ago.",
                "It fell 9999999 years ago.",
                "It fell 99999999999999999999 days ago.",
                "It fell 10 000 days ago.",
                "It fell 1.200 days ago.",
                "It fell 1.2.3 days ago.",
                "It fell two point five years ago.",
                "It fell minus two days ago.",
                "It fell -2 days ago.",
                "It fell hundreds of years ago.",
                "It fell a few hundred days ago.",
                "It fell dozens of weeks ago.",
                "It fell more than two years ago.",
                "It fell at least 3 weeks ago.",
                "It fell years ago, decades ago, ages ago.",
                "I turned thirty two years ago.",
                "It fell half a day ago.",
                "It fell 1 year and 2 months ago.",
                "一百万年前",
                "两千五百年前",
                "2,500年前",
                "一亿年前，几千年前，数百天前",
                "三五天前",
                "10^9天前",
                "半天前",
                "Vor 2.500 Jahren war Eis.",
                "Vor einer Million Jahren war Eis.",
                "Vor 10^9 Tagen war Eis.",
                "Vor 1,200 Tagen war Eis.",
                "Vor mehr als zwei Jahren war Eis.",
                "Guten Morgen! Am Morgen trinke ich Tee.",
                "Il y a 2 500 ans, il y a un million d'années, il y a 10^9 jours",
                "Il y a deux cafés dans la rue.",
                "Hace 2.500 años, hace un millón de años, hace 10^9 días",
                "Hace calor por la mañana, esta casa es fría.",
                "Das Haus ist in der Nähe von drei Seen."
            })
    void what_is_vague_huge_or_no_number_is_no_date(String text) {
        assertThat(TimeExpressionFinder.find(text, NOW)).isEmpty();
    }
}
