package io.memos4j.core.ingest.document;

import io.memos4j.api.items.Document.Format;
import java.nio.charset.Charset;
import java.util.List;
import org.junit.jupiter.api.Test;

import static io.memos4j.core.ingest.document.DocumentFixtures.read;
import static io.memos4j.core.ingest.document.DocumentFixtures.texts;
import static io.memos4j.core.ingest.document.DocumentFixtures.titles;
import static org.assertj.core.api.Assertions.assertThat;

class StructuredDocumentTest {
    private static final String PROSE = DocumentFixtures.prose(12);

    @Test
    void markdownHeadingsGiveTheTitlePath() {
        String markdown = "# Handbook\n\n## Travel ##\n\n### **Trains** and [fares](http://x)\n" + PROSE
                + "\n\nPlanes\n------\n" + PROSE + "\n\nHome\n====\n" + PROSE;
        assertThat(titles(read(Format.MARKDOWN, markdown)))
                .containsExactly("Handbook > Travel > Trains and fares", "Handbook > Planes", "Home");
    }

    @Test
    void tinySectionsAreMergedUnderTheirParent() {
        DocumentText read = read(
                Format.MARKDOWN,
                "# Book\n\n" + DocumentFixtures.prose(21) + "\n## A\nOne.\n## B\nTwo.\n## C\nThree. "
                        + DocumentFixtures.prose(3) + "\n# Other\n\n" + PROSE);
        assertThat(titles(read)).containsExactly("Book", "Book > A, B, C", "Other");
        assertThat(texts(read).get(1)).startsWith("## A").contains("Three.");
    }

    @Test
    void aLongSectionKeepsItsTitleInEveryChunk() {
        DocumentText read = read(Format.MARKDOWN, "# A\n\n## B\n\n" + (PROSE + "\n\n").repeat(4));
        assertThat(titles(read)).hasSizeGreaterThan(3).containsOnly("A > B");
    }

    @Test
    void fencedCodeIsNotCutWhereItFitsAndItsHashesAreNoHeadings() {
        String code = "```python\n# no heading\n" + "print('line')\n\n".repeat(50) + "```\n";
        DocumentText read = read(Format.MARKDOWN, "# Code\n\n" + PROSE + "\n\n" + code + "\n" + PROSE);
        assertThat(titles(read)).containsOnly("Code");
        assertThat(texts(read)).anySatisfy(text -> assertThat(text).contains("```python", "```\n"));
    }

    @Test
    void aLongMarkdownTableCarriesItsHeaderInTheTitle() {
        String rows = "| Lyon | 90 euros a night in the low season |\n".repeat(60);
        DocumentText read = read(Format.MARKDOWN, "# Rates\n\n| City | Rate |\n|---|---:|\n" + rows + "\nThe end.");
        assertThat(titles(read)).startsWith("Rates > City | Rate");
        assertThat(texts(read).subList(1, 3))
                .allSatisfy(text -> assertThat(text).startsWith("| Lyon"));
    }

    @Test
    void frontMatterIsTextAndNoHeading() {
        DocumentText read = read(Format.MARKDOWN, "---\ntitle: Trip\ndate: 2024-05-01\n---\n\nWe went to Rome.");
        assertThat(titles(read)).containsExactly("");
        assertThat(read.text()).contains("title: Trip", "Rome");
    }

    @Test
    void hostileMarkdownLinesCostNoTime() {
        String line = "[".repeat(100_000) + "\n# " + "[a](".repeat(400) + "\n" + "| - ".repeat(400) + "x\n|"
                + "-|".repeat(900) + "x\n";
        assertThat(read(Format.MARKDOWN, line + "`".repeat(100_000)).chunks()).isNotEmpty();
    }

    @Test
    void htmlIsReadAlongItsStructure() {
        DocumentText read = read(Format.HTML, """
                <html><head><title>Site</title><style>p{}</style></head><body>
                <nav><a href=x>Menu</a></nav><script>var secret = 1;</script>
                <h1>Guide</h1><p>Welcome to <b>Ly</b>on, see <a href="x">the map</a>.<br>Second line.</p>
                <ul><li>Bread</li><li>Cheese</li></ul>
                <div hidden>ghost</div><pre>a
                  b</pre>
                <table><tr><th>City</th><th>Rate</th></tr><tr><td>Lyon</td><td>90</td></tr>\
                <tr><td>Rome</td><td></td></tr></table>
                </body></html>""");
        assertThat(read.text()).isEqualTo("""
                Guide

                Welcome to Lyon, see the map.
                Second line.

                - Bread
                - Cheese

                a
                  b

                City: Lyon; Rate: 90
                City: Rome""");
        assertThat(titles(read)).containsExactly("Guide");
    }

    @Test
    void htmlHeadingsGiveTheTitlePathAndThePageTitleStandsInForAMissingOne() {
        String html = "<title>Site</title><h2>Travel</h2><p>" + PROSE + "<h3>Trains</h3><p>" + PROSE + "<h2>Food</h2>"
                + PROSE;
        assertThat(titles(read(Format.HTML, html)))
                .containsExactly("Site > Travel", "Site > Travel > Trains", "Site > Food");
    }

    @Test
    void blocksInsideAnHtmlHeadingAreItsTitle() {
        String html = "<h1><div>Travel</div><div>by train</div></h1><p>" + PROSE + "<h2><p>Fares</p></h2>" + PROSE;
        assertThat(titles(read(Format.HTML, html))).containsExactly("Travel by train", "Travel by train > Fares");
    }

    @Test
    void anHtmlHeadingThatIsNeverClosedTakesNoTextIn() {
        DocumentText read = read(Format.HTML, "<h1>Travel<p>" + PROSE + "</p><p>The end.</p>");
        assertThat(read.text()).isEqualTo("Travel " + PROSE.strip() + "\n\nThe end.");
        assertThat(titles(read)).containsExactly("");
    }

    @Test
    void layoutTablesAndDeepNestingAreReadAsBlocks() {
        String layout =
                "<table><tr><td><h2>News</h2><table><tr><td>Deep</td></tr></table></td><td>Side</td></tr></table>";
        assertThat(read(Format.HTML, layout).text()).contains("News", "Deep", "Side");
        assertThat(read(Format.HTML, "<div>".repeat(50_000) + "core").text()).isEqualTo("core");
        assertThat(read(Format.HTML, "<table><tr><td>".repeat(3_000) + "core").text())
                .isEqualTo("core");
    }

    @Test
    void theEncodingThatHtmlDeclaresIsUsed() {
        byte[] html = "<meta charset=\"iso-8859-15\"><p>10 € für Käse".getBytes(Charset.forName("iso-8859-15"));
        assertThat(read(Format.HTML, html).text()).isEqualTo("10 € für Käse");
    }

    @Test
    void csvRowsNameTheirColumns() {
        DocumentText read = read(Format.CSV, "Name,City,Note\nAlice,Lyon,\"likes \"\"tea\"\",\nand cake\"\nBob,,x\n\n");
        assertThat(read.text()).isEqualTo("Name: Alice; City: Lyon; Note: likes \"tea\", and cake\nName: Bob; Note: x");
        assertThat(titles(read)).containsExactly("rows 2-3");
    }

    @Test
    void aQuoteThatIsNeverClosedSpoilsNoOtherRowOfACsvFile() {
        String rows = """
                Name,City,Note
                Eve,"Ghent,left
                Bob,"5"" pipe",x
                Alice,Lyon,"likes tea,
                and cake"
                Cy,6" nail,"a,b"
                """;
        assertThat(read(Format.CSV, rows).text()).isEqualTo("""
                Name: Eve; City: "Ghent; Note: left
                Name: Bob; City: 5" pipe; Note: x
                Name: Alice; City: Lyon; Note: likes tea, and cake
                Name: Cy; City: 6" nail; Note: a,b""");
    }

    @Test
    void csvRowsAreGroupedAndNeverCutWhereTheyFit() {
        StringBuilder csv = new StringBuilder("id\tcity\ttext\n");
        for (int i = 0; i < 100; i++) {
            csv.append(i).append("\tLyon\tThe train was late. Again and again.\n");
        }
        DocumentText read = read(Format.CSV, csv.toString());
        assertThat(texts(read)).hasSizeGreaterThan(10).allSatisfy(text -> {
            assertThat(text).startsWith("id: ");
            assertThat(text.length()).isLessThanOrEqualTo(DocumentChunker.GROUP);
        });
        assertThat(titles(read).getFirst()).isEqualTo("rows 2-7");
        assertThat(titles(read).getLast()).endsWith("101");
    }

    @Test
    void theDelimiterIsFound() {
        assertThat(read(Format.CSV, "a;b\n1,5;2\n2,5;3\n").text()).isEqualTo("a: 1,5; b: 2\na: 2,5; b: 3");
        assertThat(read(Format.CSV, "a|b\n1|2\n").text()).isEqualTo("a: 1; b: 2");
        assertThat(read(Format.CSV, "sep=;\na;b\n1;2\n").text()).isEqualTo("a: 1; b: 2");
        assertThat(read(Format.CSV, "word\nother\n").text()).isEqualTo("word: other");
    }

    @Test
    void malformedCsvIsReadAsFarAsItMakesSense() {
        assertThat(read(Format.CSV, "a,b\n\"open,1\nx,2,3,4\ny\n").text())
                .isEqualTo("a: \"open; b: 1\na: x; b: 2; column 3: 3; column 4: 4\na: y");
        assertThat(read(Format.CSV, "1,2\n3,4\n").text()).isEqualTo("1; 2\n3; 4");
        assertThat(read(Format.CSV, "Name,City\n").text()).isEqualTo("Name; City");
        assertThat(read(Format.CSV, "Country,2019,2020\nFrance,1,2\n").text())
                .isEqualTo("Country: France; 2019: 1; 2020: 2");
    }

    @Test
    void aStrayQuoteDoesNotSwallowTheRowsAfterIt() {
        String farAway = "id,note\n1,\"open\n" + "2,x\n".repeat(40_000) + "3,\"closed\"\n";
        assertThat(read(Format.CSV, farAway).text()).startsWith("id: 1; note: \"open\nid: 2; note: x\n");
        assertThat(read(Format.CSV, "size,n\n5\" pipe,1\n\"a, b\" ,2\n, \"c\"\n")
                        .text())
                .isEqualTo("size: 5\" pipe; n: 1\nsize: a, b; n: 2\nn: c");
        assertThat(read(Format.CSV, "sep=\"\na,b\n1,2\n").text()).contains("1");
    }

    @Test
    void aRowLongerThanAChunkKeepsItsTitle() {
        DocumentText read = read(Format.CSV, "id,text\n1,short\n2," + DocumentFixtures.prose(60) + "\n3,short\n");
        assertThat(titles(read)).startsWith("row 2", "row 3", "row 3").endsWith("row 4");
    }

    @Test
    void jsonIsFlattenedByTopLevelKey() {
        DocumentText read = read(
                Format.JSON,
                "{\"name\":\"Alice\",\"home\":{\"city\":\"Lyon\",\"tags\":[\"a\",{\"x\":1}],"
                        + "\"none\":null,\"list\":[]},\"bio\":\""
                        + PROSE + "\"}");
        assertThat(read.text())
                .startsWith("name: Alice\nhome.city: Lyon\nhome.tags[0]: a\n")
                .contains("home.tags[1].x: 1\n", "home.none: null\n");
        assertThat(titles(read)).containsExactly("name, home, bio");
    }

    @Test
    void jsonArraysAndJsonLinesAreGroupedByElement() {
        DocumentText array = read(Format.JSON, "[{\"a\":1,\"b\":{\"c\":true}},{\"a\":2},3]");
        assertThat(array.text()).isEqualTo("a: 1\nb.c: true\na: 2\n3");
        assertThat(titles(array)).containsExactly("elements 1-3");
        DocumentText lines = read(Format.JSON, ("{\"text\":\"" + "word ".repeat(60) + "\"}\n").repeat(3));
        assertThat(titles(lines)).isEqualTo(List.of("line 1", "line 2", "line 3"));
    }
}
