package io.memos4j.cli;

import io.memos4j.api.items.AddResult.Outcome;
import io.memos4j.cli.command.ExitCode;
import io.memos4j.testkit.gguf.RandomLlama;
import io.memos4j.testkit.models.ScriptedModelServer;
import io.memos4j.testkit.models.ScriptedModelServer.Answer;
import io.memos4j.testkit.models.SseEventFeed;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** Conversations on the command line, with a tiny model in this process. */
class ChatTest extends CommandLineFixture {
    @TempDir
    static Path models;

    private static Path model;

    @BeforeAll
    static void writeModel() throws IOException {
        model = models.resolve("tiny.gguf");
        RandomLlama.tiny(1).contextLength(8_192).template(RandomLlama.CHATML).write(model);
    }

    private Outcome chat(String... questions) {
        String[] options = {"chat", "--model", model.toString(), "--threads", "1", "--max-tokens", "8"};
        String[] all = new String[options.length + questions.length];
        System.arraycopy(options, 0, all, 0, options.length);
        System.arraycopy(questions, 0, all, options.length, questions.length);
        return run(all);
    }

    @Test
    void whatHelpsIsRecalledAndWhatIsTheSameIsNotComputedAgain() {
        run("add", "The spare key of the cabin lies under the third stone.");
        Outcome outcome = chat("--no-remember", "Where is the spare key of the cabin?", "And who knows it?");
        assertThat(outcome.status()).isZero();
        assertThat(outcome.out()).contains("[1 memories · prompt").contains("none from the cache");
        assertThat(outcome.out()).containsPattern("\\d+ of them from slot \\(\\d+ %\\)");
    }

    @Test
    void comparingShowsBothTimesAndJsonHasThemAll() {
        JsonNode first =
                MAPPER.readTree(chat("--json", "--compare", "Who are you?").out());
        assertThat(first.path("usage").path("prompt_tokens").asInt()).isPositive();
        assertThat(first.path("usage").path("output_tokens").asInt()).isPositive();
        assertThat(first.path("usage_without_reuse").path("cached_tokens").asInt())
                .isZero();
        assertThat(first.path("usage_without_reuse")
                        .path("time_to_first_token_ms")
                        .asDouble())
                .isPositive();
    }

    @Test
    void whatIsSaidIsRemembered() {
        chat("--session", "monday", "I have moved to Annecy.");
        assertThat(run("list", "--json").out()).contains("I have moved to Annecy.", "\"session\":\"monday\"");
    }

    @Test
    void aBeginningIsCompiledListedAndDropped() {
        run("add", "--type", "profile", "Alice is a carpenter in Lyon, and her workshop is in the Rue Mercière.");
        Outcome compiled = run("activations", "--compile", "--json", "--model", model.toString());
        assertThat(compiled.status()).isZero();
        String id = MAPPER.readTree(compiled.out().lines().findFirst().orElseThrow())
                .path("id")
                .asString();
        assertThat(run("activations").out()).contains(id).contains("from 1 memories");
        Outcome other = chat("--no-remember", "Where do I live?");
        assertThat(other.out()).contains("of them from disk");
        assertThat(run("activations", "--drop", id).status()).isZero();
        assertThat(run("activations").out()).contains("has no saved KV caches");
        assertThat(run("activations", "--drop", id).status()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void aProvidersModelAnswersToo() {
        try (ScriptedModelServer server = ScriptedModelServer.start()) {
            server.then(Answer.stream(new SseEventFeed()
                    .delta("In the ")
                    .delta("harbour.")
                    .say("{\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}")
                    .say("{\"choices\":[],\"usage\":{\"prompt_tokens\":2000,\"completion_tokens\":7,"
                            + "\"prompt_tokens_details\":{\"cached_tokens\":1500}}}")
                    .say("[DONE]")
                    .end()));
            Outcome outcome = run(
                    "chat", "--model", "small", "--model-url", server.baseUrl().toString(), "--no-remember", "Where?");
            assertThat(outcome.out())
                    .startsWith("In the harbour.")
                    .contains("prompt 2000 tokens, 1500 of them from provider (75 %)");
        }
    }

    @Test
    void withoutAModelOrWithABadOneItSaysWhatToDo() {
        assertThat(run("chat", "Hello?").err())
                .contains("give --model FILE.gguf")
                .contains("[invalid_argument]");
        assertThat(run("chat", "--model", models.resolve("none.gguf").toString(), "Hello?")
                        .err())
                .contains("there is no such file")
                .contains("[model_unreadable]");
        assertThat(run("chat", "--runtime-url", "http://127.0.0.1:9", "Hello?").err())
                .contains("[upstream_failed]");
        assertThat(run("activations", "--cube", "nobody").err()).contains("[cube_not_found]");
    }
}
