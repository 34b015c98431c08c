package io.memos4j.cli;

import io.memos4j.api.items.AddResult.Outcome;
import io.memos4j.cli.command.ExitCode;
import io.memos4j.testkit.models.ScriptedModelServer;
import io.memos4j.testkit.models.ScriptedModelServer.Answer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** What changes memories after they were added: a user's word, a language model's reading, and the way back. */
class MemoryChangesTest extends CommandLineFixture {
    /** Set for all tests of this module in its pom. */
    private static final String KEY = "key-of-the-tests";

    private String add(String time, String text) {
        return run("add", "--speaker", "Alice", "--time", time, text).out().strip();
    }

    @Test
    void whyAndRelatedLeadFromAnItemToThoseItCameFromAndReplaced() {
        String paris = add("2025-01-01T10:00:00Z", "The office is in Paris");
        String lyon = run("feedback", "No, the office is in Lyon", "--wrong", paris)
                .out()
                .lines()
                .findFirst()
                .orElse("");
        assertThat(run("why", paris).out())
                .contains("The office is in Paris")
                .contains("version 1")
                .contains("replaced by " + lyon);
        assertThat(run("related", lyon).out()).contains("former").contains(paris);
        assertThat(json("related", "--json", lyon).path("kind").asString()).isEqualTo("former");
        JsonNode why = json("why", "--json", paris);
        assertThat(why.path("item").path("id").asString()).isEqualTo(paris);
        assertThat(why.path("history").get(0).path("actor").asString()).isEqualTo("user");
        assertThat(run("why", "00000000-0000-7000-8000-000000000000").status()).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void changesAreShownWithTheirReasonAndUndone() {
        String lyon = add("2025-01-01T10:00:00Z", "I live in Lyon.");
        add("2025-02-01T10:00:00Z", "I moved to Ghent.");
        String listed = run("changes").out();
        assertThat(listed.replaceAll("\\s+", " "))
                .contains("'I live in Lyon.' was set aside because of 'I moved to Ghent.'"
                        + " (rule same-attribute, 0.95). Undo: memos4j undo c_" + lyon + "_2");
        assertThat(listed.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(100));
        String change = json("changes", "--json", "--item", lyon).path("id").asString();
        assertThat(run("undo", change).out()).contains(lyon + " is activated again");
        assertThat(run("undo", change).out()).contains("It was undone before");
        assertThat(run("changes", "--kind", "undone").out()).contains("got its former state back");
        assertThat(run("changes", "--since", "2199-01-01").out()).contains("No changes.");
        assertThat(run("changes", "--kind", "nonsense").status()).isEqualTo(ExitCode.USAGE);
        assertThat(run("undo", "nonsense").err()).contains("not the id of a change");
    }

    @Test
    void whatIsToBeForgottenIsShownKeptOrErasedNow() {
        String pin = add("2025-01-01T10:00:00Z", "My PIN is 4711.");
        assertThat(run("forget").out()).contains("Nothing is to be forgotten");
        String asked = run("add", "--speaker", "Alice", "Forget my PIN.").out();
        assertThat(asked).contains("a request to forget").contains(pin + "  (forgotten: erased");
        assertThat(run("list").out()).doesNotContain("PIN");
        assertThat(run("forget").out()).contains(pin).contains("My PIN is 4711.");
        assertThat(run("policy", "--forget-after", "7d").out()).contains("forget after   7d");
        run("reinstate", pin);
        assertThat(run("list").out()).contains("My PIN is 4711.");
        run("add", "--speaker", "Alice", "Forget my PIN!");
        assertThat(run("forget", "--now", "--yes", pin).out()).contains("nothing is left on disk");
        assertThat(run("show", pin).status()).isEqualTo(ExitCode.FAILED);
        assertThat(run("forget", "--now", "--yes", pin).err()).contains("Nothing was erased");
    }

    @Test
    void aCorrectionReplacesWhatIsWrongAndBothSaySo() {
        String paris = add("2025-01-01T10:00:00Z", "The office is in Paris");
        Outcome corrected = run("feedback", "No, the office is in Lyon", "--wrong", paris);
        String lyon = corrected.out().lines().findFirst().orElse("");
        assertThat(corrected.out()).contains("replaces " + paris).contains("The office is in Paris");
        assertThat(run("search", "office").out())
                .contains("the office is in Lyon")
                .doesNotContain(paris);
        assertThat(run("show", paris).out())
                .contains("replaced by " + lyon)
                .contains("corrected by the user")
                .contains("No, the office is in Lyon");
        assertThat(run("history", lyon).out()).contains("replaces    " + paris).contains("The office is in Paris");
        JsonNode shown = json("show", "--json", paris);
        assertThat(shown.path("state").asString()).isEqualTo("archived");
        assertThat(shown.path("successions").get(0).path("successor").asString())
                .isEqualTo(lyon);
    }

    @Test
    void aCorrectionOfNothingIsKeptWithAWarning() {
        add("2025-01-01", "The office is in Paris");
        Outcome corrected = run("feedback", "My bicycle is green");
        assertThat(corrected.status()).isZero();
        assertThat(corrected.err()).contains("no memory was found for it to replace");
        assertThat(run("search", "bicycle").out()).contains("My bicycle is green");
    }

    @Test
    void ratingsCountTheirItems() {
        String tea = add("2025-01-01", "tea in winter");
        String coffee = add("2025-01-02", "coffee in summer");
        assertThat(run("feedback", "--helpful", tea, coffee).out()).contains("Rated 2 items");
        assertThat(json("feedback", "--unhelpful", coffee, "--json")
                        .path("changed")
                        .get(0)
                        .asString())
                .isEqualTo(coffee);
    }

    @Test
    void feedbackIsOneThingAtATime() {
        String tea = add("2025-01-01", "tea in winter");
        assertThat(run("feedback").status()).isEqualTo(ExitCode.USAGE);
        assertThat(run("feedback", "No, coffee", "--helpful", tea).err())
                .contains("Give exactly one of")
                .contains("[invalid_argument]");
        assertThat(run("feedback", "--wrong", tea).err()).contains("not what is right");
        assertThat(run("feedback", "--helpful", "tea").err()).contains("is not an item id");
        assertThat(run("feedback", "--helpful", "01890a5d-ac96-774b-bcce-b302099a8057")
                        .status())
                .isEqualTo(ExitCode.FAILED);
    }

    @Test
    void whatWasSupersededHoldsAgainWhenReinstated() {
        String old = add("2025-01-01T10:00:00Z", "The printer stands on floor two");
        String now = add("2025-06-01T10:00:00Z", "The printer stands on floor five");
        assertThat(run("supersede", old, now).status()).isEqualTo(ExitCode.USAGE);
        assertThat(run("supersede", old, now, "--reason", "it was moved").out())
                .contains(old)
                .contains("archived");
        assertThat(run("history", old).out()).contains("replaced by " + now).contains("it was moved");
        assertThat(run("search", "printer").out()).doesNotContain("floor two");
        JsonNode everything = json("search", "printer", "--all", "--json").path("hits");
        assertThat(everything.findValuesAsString("valid_to")).containsExactly("2025-06-01T10:00:00Z");

        assertThat(json("reinstate", old, "--json").path("state").asString()).isEqualTo("activated");
        assertThat(run("search", "printer").out()).contains("floor two").contains("floor five");
        assertThat(run("show", old).out()).doesNotContain("replaced by");
    }

    @Test
    void aSearchAsOfThenFindsWhatHeldThen() {
        String old = add("2025-01-01T10:00:00Z", "The printer stands on floor two");
        String now = add("2025-06-01T10:00:00Z", "The printer stands on floor five");
        run("supersede", old, now, "--reason", "it was moved");
        assertThat(run("search", "printer", "--as-of", "2025-03-01").out())
                .contains("floor two")
                .contains("  until 2025-06-01")
                .doesNotContain("floor five");
        assertThat(run("search", "printer", "--as-of", "2025-07-01").out())
                .contains("floor five")
                .doesNotContain("floor two");
        assertThat(run("search", "printer", "--as-of", "then").err()).contains("'then' is not a time");
    }

    @Test
    void anEarlierVersionComesBack() {
        String old = add("2025-01-01T10:00:00Z", "The printer stands on floor two");
        String now = add("2025-06-01T10:00:00Z", "The printer stands on floor five");
        run("supersede", old, now, "--reason", "it was moved");
        assertThat(run("restore", old, "1").out()).contains("version 3").contains("activated");
        assertThat(run("history", old).out()).contains("restored version 1");
        assertThat(run("restore", old, "9").err()).contains("has no version 9");
        assertThat(run("restore", old, "first").status()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void aHitNamesItsEpisodeAndCountsTokensForItsModel() {
        add("2025-01-01T10:00:00Z", "The printer stands on floor two");
        JsonNode hit = json("search", "printer", "--for-model", "gpt-4o", "--json")
                .path("hits")
                .get(0);
        assertThat(hit.path("episode").isArray()).isTrue();
        assertThat(hit.has("successor")).isFalse();
        assertThat(hit.path("tokens").asInt()).isPositive();
    }

    @Test
    void aHitThatWasSaidOtherwiseLaterPointsToTheLaterOne() {
        String older = add("2025-01-01T10:00:00Z", "Here is the news. I live in Lyon.");
        String newer = add("2025-03-01T10:00:00Z", "Many thanks for the cake. I live in Paris.");
        String asked = "Where do I live?";
        assertThat(run("search", asked).out())
                .contains("    contradicted later: see 1" + System.lineSeparator() + "    " + older);
        JsonNode hits = json("search", asked, "--json").path("hits");
        assertThat(hits.findValuesAsString("id")).contains(newer, older);
        assertThat(hits.findValuesAsString("successor")).containsExactly(newer);
    }

    @Test
    void theTurnsOfAnEpisodeStandOneALine() {
        importDemo();
        String asked = "Summarize how the search for a flat developed";
        assertThat(run("search", asked).out()).containsPattern("\n    Maya: .*\n(?: {8}.*\n)*    Ada: ");
        assertThat(json("search", asked, "--json").path("hits"))
                .anySatisfy(hit -> assertThat(hit.path("episode")).isNotEmpty());
    }

    private void importDemo() {
        Path demo = Path.of("src/main/resources/io/memos4j/cli/demo/conversation.jsonl");
        assertThat(run("import", demo.toString()).status()).isZero();
    }

    @Test
    void theModelReadsNewMessagesAndItsReadingIsToldItemByItem() {
        String message = add("2025-01-01T10:00:00Z", "I drink green tea every morning.");
        try (ScriptedModelServer server = ScriptedModelServer.start()) {
            server.then(Answer.text("""
                    {"memories": [
                      {"type": "preference", "text": "Alice drinks green tea every morning.", "sources": [1],
                       "confidence": 0.9, "occurred": null, "valid_from": null, "valid_to": null, "implicit": false,
                       "attribute": null, "supersedes": []},
                      {"type": "fact", "text": "Alice owns 12 horses in Texas.", "sources": [1],
                       "confidence": 0.9, "occurred": null, "valid_from": null, "valid_to": null, "implicit": false,
                       "attribute": null, "supersedes": []}],
                     "updates": [], "retirements": []}"""));
            String[] model = {
                "--model", "openai:small", "--model-url", server.baseUrl().toString()
            };
            Outcome read = run(join("extract", model));
            assertThat(read.err()).isEmpty();
            assertThat(read.out())
                    .contains("added    preference: Alice drinks green tea every morning.")
                    .contains("refused  ")
                    .contains("1 added, 0 updated, 0 retired, 1 refused; 1 calls, 18 tokens");
            assertThat(server.requests()).singleElement().satisfies(request -> {
                assertThat(request.path()).isEqualTo("/v1/chat/completions");
                assertThat(request.authorization()).isEqualTo("Bearer " + KEY);
                assertThat(request.body()).contains("\"small\"");
            });
            JsonNode again = json(join("extract", join("--json", model)));
            assertThat(again.path("calls").asInt()).isZero();
            assertThat(again.path("complete").asBoolean()).isTrue();
        }
        assertThat(run("list", "--type", "preference").out()).contains("green tea");
        JsonNode found = json("search", "green tea", "--type", "preference", "--json")
                .path("hits")
                .get(0);
        assertThat(found.path("sources").get(0).path("id").asString()).isEqualTo(message);
    }

    private static String[] join(String first, String... rest) {
        List<String> all = new ArrayList<>(List.of(first));
        all.addAll(List.of(rest));
        return all.toArray(String[]::new);
    }

    @Test
    void anthropicsProtocolIsChosenByThePrefix() {
        add("2025-01-01T10:00:00Z", "I drink green tea every morning.");
        try (ScriptedModelServer server = ScriptedModelServer.start()) {
            server.then(Answer.text("{\"memories\": [], \"updates\": [], \"retirements\": []}"));
            String url = server.baseUrl().toString();
            assertThat(run("extract", "--model", "anthropic:small", "--model-url", url)
                            .out())
                    .contains("0 added")
                    .contains("1 calls");
            assertThat(server.requests().getFirst().path()).isEqualTo("/v1/messages");
            assertThat(server.requests().getFirst().apiKey()).isEqualTo(KEY);
        }
    }

    @Test
    void aFailingModelIsAFailureAndItsKeyIsNotShown() {
        add("2025-01-01T10:00:00Z", "I drink green tea every morning.");
        try (ScriptedModelServer server = ScriptedModelServer.start()) {
            server.otherwise(request -> Answer.status(401, "Wrong key " + KEY));
            Outcome failed = run(
                    "extract",
                    "--model",
                    "small",
                    "--model-url",
                    server.baseUrl().toString(),
                    "--debug");
            assertThat(failed.status()).isEqualTo(ExitCode.FAILED);
            assertThat(failed.err()).contains("[model_refused]").doesNotContain(KEY);
        }
    }

    @Test
    void onlyExtractAsksTheModel() {
        try (ScriptedModelServer server = ScriptedModelServer.start()) {
            String[] model = {
                "--model", "small", "--model-url", server.baseUrl().toString()
            };
            run(join("add", join("I drink green tea every morning.", model)));
            assertThat(run(join("search", join("tea", model))).out()).contains("green tea");
            assertThat(server.requests()).isEmpty();
        }
    }

    @Test
    void aRerankerOrdersTheHits() {
        String two = add("2025-01-01T10:00:00Z", "printer printer: floor two");
        String five = add("2025-01-02T10:00:00Z", "The blue printer, which is a large one, stands on floor five");
        try (ScriptedModelServer server = ScriptedModelServer.start()) {
            server.otherwise(request -> Answer.scores(request.documents().stream()
                    .mapToDouble(text -> text.contains("five") ? 0.9 : 0.1)
                    .toArray()));
            JsonNode five1 = json(
                    "search", "printer", "--rerank-url", server.uri("/rerank").toString(), "--json");
            assertThat(five1.path("hits").findValuesAsString("citation")).hasSize(2);
            assertThat(five1.path("hits").get(0).path("id").asString()).isEqualTo(five);
            server.otherwise(request -> Answer.scores(request.documents().stream()
                    .mapToDouble(text -> text.contains("two") ? 0.9 : 0.1)
                    .toArray()));
            JsonNode two1 = json(
                    "search", "printer", "--rerank-url", server.uri("/rerank").toString(), "--json");
            assertThat(two1.path("hits").get(0).path("id").asString()).isEqualTo(two);
            server.otherwise(request -> Answer.garbage());
            assertThat(run(
                                    "search",
                                    "printer",
                                    "--rerank-url",
                                    server.uri("/rerank").toString())
                            .err())
                    .contains("reranker");
        }
    }

    @Test
    void extractWithoutAModelSaysWhatToSet() {
        add("2025-01-01", "tea in winter");
        Outcome refused = run("extract");
        assertThat(refused.status()).isEqualTo(ExitCode.USAGE);
        assertThat(refused.err())
                .contains("needs a language model")
                .contains("MEMOS4J_MODEL_URL")
                .contains("[invalid_argument]");
    }

    @Test
    void modelsAndRerankersThatLackAPartAreWrongUsage() {
        add("2025-01-01", "tea in winter");
        refused("needs its server", "--model", "openai:small");
        refused("https://api.anthropic.com/v1", "--model", "anthropic:small");
        refused("names no model", "--model-url", "http://localhost:1/v1");
        refused("names no model", "--model", "openai:", "--model-url", "http://localhost:1/v1");
        refused("is not a URL", "--model", "small", "--model-url", "http://local host/v1");
        refused("go together", "--rerank-onnx", "model.onnx");
        refused("go together", "--rerank-tokenizer", "tokenizer.json");
        refused(
                "Give only one reranker",
                "--rerank-onnx",
                "model.onnx",
                "--rerank-tokenizer",
                "tokenizer.json",
                "--rerank-url",
                "http://localhost:1/rerank");
        refused("needs the server", "--rerank-model", "small");
        refused("must start with http", "--rerank-url", "ftp://localhost/rerank");
        Outcome missing = run("search", "tea", "--rerank-onnx", "no.onnx", "--rerank-tokenizer", "no.json");
        assertThat(missing.status()).isEqualTo(ExitCode.FAILED);
        assertThat(missing.err()).contains("no.onnx").contains("[invalid_configuration]");
        assertThat(run("search", "tea", "--model-key", "x").status()).isEqualTo(ExitCode.USAGE);
    }

    private void refused(String reason, String... options) {
        Outcome outcome = run(join("search", join("tea", options)));
        assertThat(outcome.err()).contains(reason);
        assertThat(outcome.status()).isEqualTo(ExitCode.USAGE);
        assertThat(outcome.out()).isEmpty();
    }
}
