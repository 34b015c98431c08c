package io.memos4j.core;

import io.memos4j.api.CubeId;
import io.memos4j.api.CubeSettings;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.history.ChangeRequest;
import io.memos4j.api.history.DiffRequest;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ItemEdit;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.Message;
import io.memos4j.api.items.Note;
import io.memos4j.api.items.Selection;
import io.memos4j.api.privacy.LabelRule;
import io.memos4j.api.privacy.LabelRule.Action;
import io.memos4j.api.privacy.PrivacyPolicy;
import io.memos4j.api.privacy.Reader;
import io.memos4j.api.privacy.Sensitivity;
import io.memos4j.api.search.SearchHit;
import io.memos4j.api.search.SearchRequest;
import io.memos4j.api.search.SearchResult;
import io.memos4j.testkit.models.HashingEmbedder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What readers without all rights get of a cube, by every method that returns a text. */
class RedactionTest {
    private static final Reader TEAMMATE = Reader.upTo(Sensitivity.INTERNAL);

    @TempDir
    Path directory;

    private MemOs memos;
    private MemCube cube;
    private MemCube seen;

    @BeforeEach
    void open() {
        memos = MemOs.open(MemOsConfig.at(directory).withEmbedder(new HashingEmbedder("hash", 32)));
        cube = memos.cube("team");
        seen = cube.as(TEAMMATE);
    }

    @AfterEach
    void close() {
        memos.close();
    }

    private ItemId add(String text) {
        return cube.add(Message.user(text).by("Alice").in("talk")).ids().getFirst();
    }

    /** Everything that a cube tells of an item, by the name of the method. */
    private static Map<String, Object> everything(MemCube cube, ItemId id, Instant before, String query) {
        Map<String, Object> told = new LinkedHashMap<>();
        SearchRequest request = SearchRequest.of(query).explained().in("talk");
        told.put("search", cube.search(request));
        told.put("search with inactive", cube.search(request.withInactive()));
        told.put("search with a filter", cube.search(request.where(Filter.session("talk"))));
        told.put("get", cube.get(id));
        told.put("list", cube.list(ListRequest.first()));
        told.put("history", cube.history(id));
        told.put("explain", cube.explain(id));
        told.put("explain as text", cube.explain(id).text());
        told.put("related", cube.related(id));
        told.put("changes", cube.changes(ChangeRequest.LATEST));
        told.put("supersessions", cube.supersessions(id));
        told.put("working memory", cube.workingMemory("talk"));
        told.put("promoted", cube.activations().promoted());
        told.put("diff", cube.time().diff(DiffRequest.between(before, Instant.now())));
        told.put("view get", cube.time().recordedAt(Instant.now()).get(id));
        told.put("view list", cube.time().recordedAt(Instant.now()).list(ListRequest.first()));
        told.put("view search", cube.time().recordedAt(Instant.now()).search(request));
        told.put("edit", cube.update(id, ItemEdit.NOTHING.validTo(Instant.parse("2100-01-01T00:00:00Z"))));
        told.put("restore", cube.restore(id, 1));
        told.put("curriculum", cube.adapters().curriculum(List.of()));
        told.put("describe", cube.describe());
        told.put("sessions", cube.sessions(10, ""));
        return told;
    }

    @Test
    void noMethodTellsAReaderWhatIsWithheld() {
        Map<String, String> secrets = Map.of(
                "Our travel card is 4111 1111 1111 1111, valid until May.", "4111 1111 1111 1111",
                "The alarm code of the office is 90210#.", "90210",
                "Ask Bob at bob.miller@example.org about it.", "bob.miller",
                "Carol was diagnosed with diabetes last week.", "diabetes",
                "门禁密码是 8842#，别忘了。", "8842");
        Instant before = cube.time().mark();
        secrets.forEach((text, secret) -> {
            ItemId id = add(text);
            cube.update(id, ItemEdit.text(text + " Noted twice.").metadata(Map.of("copy", text)));
            add("Something else about the office.");
            cube.search(SearchRequest.of(text).in("talk"));
            assertThat(cube.awaitIdle(Duration.ofSeconds(10))).isTrue();
            for (Reader reader :
                    List.of(TEAMMATE, Reader.upTo(Sensitivity.PUBLIC).throughModel())) {
                everything(cube.as(reader), id, before, text)
                        .forEach((method, told) ->
                                assertThat(told.toString()).as(method).doesNotContain(secret));
            }
            assertThat(everything(cube, id, before, text).toString()).contains(secret);
        });
    }

    @Test
    void whatIsLabeledAsAWholeIsWithheldAsAWhole() {
        Instant before = cube.time().mark();
        ItemId id = cube.add(Note.of("Merger with Acme in May")
                        .titled("Project Falcon")
                        .tagged("acme-deal")
                        .with(Map.of("price", 1_234_567L))
                        .in("talk")
                        .labeled(Sensitivity.PRIVATE))
                .ids()
                .getFirst();

        everything(seen, id, before, "merger")
                .forEach((method, told) -> assertThat(told.toString())
                        .as(method)
                        .doesNotContain("Acme")
                        .doesNotContain("Falcon")
                        .doesNotContain("acme-deal")
                        .doesNotContain("1234567"));
        assertThat(seen.get(id).orElseThrow().text()).isEqualTo("[private text withheld]");
        assertThat(cube.as(Reader.upTo(Sensitivity.PRIVATE))
                        .get(id)
                        .orElseThrow()
                        .text())
                .isEqualTo("Merger with Acme in May");
    }

    @Test
    void aReaderFindsARedactedMemoryByTheWordsThatAreShown() {
        ItemId id = add("Our travel card is 4111 1111 1111 1111, valid until May.");
        add("The office has a new coffee machine.");

        SearchResult found = seen.search("Which travel card do we have?");

        assertThat(found.hits()).extracting(hit -> hit.item().id()).contains(id);
        assertThat(found.context()).contains("Our travel card is [card number withheld], valid until May.");
    }

    @Test
    void digitsThatAreWithheldFindNothingAndOrderNothing() {
        cube.add(
                Note.of("Our travel card is 4111 1111 1111 1111, valid until May."),
                Note.of("The door code of the travel desk is 90210#."),
                Note.of("The office has a new coffee machine for travel cups."));
        assertThat(cube.awaitIdle(Duration.ofSeconds(10))).isTrue();

        assertThat(seen.search("4111 1111 1111 1111").hits())
                .noneMatch(hit -> hit.item().text().contains("withheld"));
        List<List<String>> orders = new ArrayList<>();
        for (String guess : List.of("travel 4111 1111", "travel 4112 1112", "travel 90210 1113")) {
            orders.add(seen.search(guess).hits().stream()
                    .map(hit -> hit.item().text() + " " + hit.score())
                    .toList());
        }
        assertThat(orders.get(1)).isEqualTo(orders.get(0));
        assertThat(orders.get(2)).isEqualTo(orders.get(0));
    }

    @Test
    void aFilterConfirmsNoGuess() {
        ItemId id = cube.add(Note.of("Plan").tagged("falcon").labeled(Sensitivity.PRIVATE))
                .ids()
                .getFirst();

        assertThat(seen.list(ListRequest.first().where(Filter.tag("falcon"))).items())
                .isEmpty();
        assertThat(seen.list(ListRequest.first().where(Filter.not(Filter.tag("falcon"))))
                        .items())
                .isEmpty();
        assertThat(seen.list(ListRequest.first()).items()).hasSize(1);
        assertThat(seen.delete(Selection.matching(Filter.tag("falcon"))).count())
                .isZero();
        assertThat(cube.get(id)).isPresent();
    }

    @Test
    void nobodyRewritesWhatTheyMayNotRead() {
        ItemId id = add("Our travel card is 4111 1111 1111 1111.");

        assertThatThrownBy(() -> seen.update(id, ItemEdit.text("Our travel card is [card number withheld].")))
                .isInstanceOf(MemoryException.class)
                .hasMessageContaining("cannot be edited by a caller who may not read all of it");
        assertThatThrownBy(() -> seen.update(id, ItemEdit.NOTHING.sensitivity(Sensitivity.PUBLIC)))
                .isInstanceOf(MemoryException.class);
        assertThatThrownBy(() -> seen.settings(
                        CubeSettings.DEFAULT.privacy(PrivacyPolicy.DEFAULT.secret(LabelRule.of(Action.STORE, true)))))
                .isInstanceOf(MemoryException.class)
                .hasMessageContaining("withholds texts labeled secret");
        assertThatThrownBy(() -> seen.time().fork(CubeId.of("copy"), seen.time().mark()))
                .isInstanceOf(MemoryException.class)
                .hasMessageContaining("cannot copy it");
        assertThat(cube.get(id).orElseThrow().text()).isEqualTo("Our travel card is 4111 1111 1111 1111.");
    }

    @Test
    void theOpenPolicyShowsEverythingToEveryReader() {
        cube.settings(CubeSettings.DEFAULT.privacy(
                new PrivacyPolicy(LabelRule.of(Action.STORE, true), LabelRule.of(Action.STORE, true))));
        ItemId id = add("Our travel card is 4111 1111 1111 1111.");

        assertThat(seen.get(id).orElseThrow().text()).contains("4111");
        assertThat(seen.search("travel card").context()).contains("4111");
    }

    @Test
    void aViewOfAViewHasTheRightsOfBoth() {
        ItemId id = add("Ask Bob at bob.miller@example.org.");

        assertThat(seen.as(Reader.OWNER).get(id).orElseThrow().text()).contains("[e-mail address withheld]");
        assertThat(cube.as(Reader.OWNER.throughModel()).get(id).orElseThrow().text())
                .contains("bob.miller");
    }

    @Test
    void severalCubesAreReadWithTheRightsInEach() {
        add("The alarm code of the office is 90210#.");
        memos.cube("own").add(Message.user("The alarm code of my home is 4711#."));

        SearchResult found = memos.compose(CubeId.of("team"), CubeId.of("own"))
                .as(id -> id.equals(CubeId.of("team")) ? TEAMMATE : Reader.OWNER)
                .search("alarm code");

        assertThat(found.hits())
                .extracting(SearchHit::item)
                .extracting(item -> item.text())
                .containsExactlyInAnyOrder(
                        "The alarm code of the office is [password or code withheld].",
                        "The alarm code of my home is 4711#.");
        assertThat(found.context()).doesNotContain("4711").doesNotContain("90210");
    }
}
