package io.memos4j.trainer.external;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.adapters.TrainingRecord;
import io.memos4j.modelfiles.BaseModel;
import io.memos4j.modelfiles.BaseModelFiles;
import io.memos4j.modelfiles.LoraAdapter;
import io.memos4j.spi.training.TrainedAdapter;
import io.memos4j.spi.training.TrainingExample;
import io.memos4j.spi.training.TrainingProgress;
import io.memos4j.spi.training.TrainingRequest;
import io.memos4j.testkit.FailureAssertions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Real processes that keep or break the contract. */
class CommandTrainerIT {
    private static final Predicate<TrainingProgress> GO_ON = progress -> true;
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private Path folder;

    private CommandTrainerOptions options(String mode, String... more) {
        List<String> arguments =
                new ArrayList<>(List.of(mode, "{work}", folder.resolve("told").toString()));
        arguments.addAll(List.of(more));
        return CommandTrainerOptions.of("fake 1.0", FakeTrainer.java(arguments.toArray(String[]::new)))
                .workParent(folder.resolve("work"));
    }

    private TrainedAdapter train(String mode) throws IOException {
        return new CommandTrainer(options(mode)).train(SampleTrainingRequest.request(folder), GO_ON);
    }

    private AbstractThrowableAssert<?, ? extends Throwable> refused(CommandTrainerOptions options, ErrorCode code)
            throws IOException {
        TrainingRequest request = SampleTrainingRequest.request(folder);
        var refusal = FailureAssertions.refused(code, () -> new CommandTrainer(options).train(request, GO_ON));
        assertThat(folder.resolve("adapter")).doesNotExist();
        return refusal;
    }

    @AfterEach
    void nothingIsLeftBehind() throws IOException {
        if (Files.exists(folder.resolve("work"))) {
            assertThat(folder.resolve("work")).isEmptyDirectory();
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(each -> each.getFileName().toString())).noneMatch(each -> each.startsWith("."));
        }
    }

    @Test
    void theAdapterOfAProgramIsTakenWithWhatItReported() throws IOException {
        List<TrainingProgress> seen = new ArrayList<>();
        TrainingRequest request = SampleTrainingRequest.request(folder);

        TrainedAdapter trained = new CommandTrainer(options("good")).train(request, seen::add);

        assertThat(trained.folder()).isEqualTo(request.output());
        try (Stream<Path> files = Files.list(request.output())) {
            assertThat(files.map(each -> each.getFileName().toString()))
                    .containsExactlyInAnyOrder("adapter_config.json", "adapter_model.safetensors");
        }
        try (LoraAdapter adapter = LoraAdapter.readPeft(request.output(), BaseModel.ofFolder(request.base()))) {
            assertThat(adapter.has(SampleTrainingRequest.SHAPE)).isTrue();
        }
        TrainingRecord record = trained.record();
        assertThat(record.trainer()).isEqualTo("command fake 1.0");
        assertThat(record.baseHash())
                .isEqualTo(BaseModelFiles.hash(request.base()))
                .hasSize(64);
        assertThat(record.dataHash()).isEqualTo(TrainingExample.hashOf(request.examples()));
        assertThat(record.seed()).isEqualTo(17);
        assertThat(record.steps()).isEqualTo(5);
        assertThat(record.finalLoss()).isEqualTo(0.4);
        assertThat(record.tokens()).isEqualTo(50);
        assertThat(record.curve()).extracting(TrainingRecord.LossPoint::step).containsExactly(1, 2, 3, 4, 5);
        assertThat(seen).extracting(TrainingProgress::step).containsExactly(1, 2, 3, 4, 5);
        assertThat(seen).extracting(TrainingProgress::steps).containsOnly(5);
    }

    @Test
    void theRequestSaysEverything() throws IOException {
        Path start = folder.resolve("start");
        TrainingRequest request =
                SampleTrainingRequest.request(folder).start(start).checkpoints(folder.resolve("state"));
        SampleTrainingRequest.adapter(request.base(), SampleTrainingRequest.SHAPE, start);

        new CommandTrainer(options("request")).train(request, GO_ON);

        String[] told = Files.readString(folder.resolve("told")).split("\n---\n");
        JsonNode json = JSON.readTree(told[0]);
        assertThat(json.path("version").asInt()).isEqualTo(1);
        assertThat(json.path("base").asString()).isEqualTo(request.base().toString());
        assertThat(json.path("start").asString()).isEqualTo(start.toString());
        assertThat(json.path("checkpoints").asString())
                .isEqualTo(folder.resolve("state").toString());
        assertThat(json.path("base_hash").asString()).isEqualTo(BaseModelFiles.hash(request.base()));
        assertThat(json.path("data_hash").asString()).isEqualTo(TrainingExample.hashOf(request.examples()));
        assertThat(json.path("lora").toString())
                .isEqualTo("{\"rank\":4,\"alpha\":8.0,\"target_modules\":[\"q_proj\",\"down_proj\"]}");
        assertThat(json.path("plan").toString())
                .isEqualTo("{\"steps\":5,\"batch\":4,\"accumulation\":1,\"learning_rate\":5.0E-4,\"seed\":17}");
        assertThat(json.path("compute").path("device").asString()).isEqualTo("cpu");
        assertThat(told[1].lines())
                .containsExactly(
                        "{\"prompt\":\"Where is \\\"home\\\"?\",\"completion\":\"Ulm\\n\",\"tokens\":[1,2,3],"
                                + "\"taught\":[false,false,true]}",
                        "{\"prompt\":\"Wer?\",\"completion\":\"Zoë\",\"tokens\":[4,5,6],\"taught\":[false,true,true]}");
    }

    @Test
    void argumentsReachTheProgramAsTheyAre() throws IOException {
        CommandTrainerOptions options =
                options("arguments", "--base={base}", "{data}:{output}", "$HOME; `id` && *", "{other} {", "");

        new CommandTrainer(options).train(SampleTrainingRequest.request(folder), GO_ON);

        List<String> told = Files.readAllLines(folder.resolve("told"));
        Path work = Path.of(told.get(1));
        assertThat(work.getParent()).isEqualTo(folder.resolve("work").toRealPath());
        assertThat(told.subList(3, 8))
                .containsExactly(
                        "--base=" + folder.resolve("base"),
                        work.resolve("train.jsonl") + ":" + work.resolve("adapter"),
                        "$HOME; `id` && *",
                        "{other} {",
                        "");
    }

    @Test
    void onlyTheNamedVariablesReachTheProgram() throws IOException {
        Map<String, String> ours = System.getenv();
        String other = ours.keySet().stream()
                .filter(each -> !Set.of("PATH", "HOME", "LANG", "CUDA_VISIBLE_DEVICES", "TMPDIR")
                        .contains(each))
                .filter(each -> each.matches("[A-Z_]+"))
                .findFirst()
                .orElseThrow();

        train("environment");
        assertThat(Files.readAllLines(folder.resolve("told")))
                .contains("PATH", "TMPDIR")
                .isSubsetOf("PATH", "HOME", "LANG", "CUDA_VISIBLE_DEVICES", "TMPDIR");

        TrainingRequest again = SampleTrainingRequest.request(folder.resolve("again"));
        new CommandTrainer(options("environment").environment(Set.of(other))).train(again, GO_ON);
        assertThat(Files.readAllLines(folder.resolve("told"))).contains(other);
    }

    @ParameterizedTest
    @CsvSource({
        "1, RUNTIME_FAILED, failed (1)",
        "2, INVALID_ARGUMENT, does not accept this request",
        "3, MODEL_UNREADABLE, cannot read the base",
        "4, TRAINING_DIVERGED, learning rate",
        "5, UNSUPPORTED, lacks memory or the device",
        "77, RUNTIME_FAILED, failed (77)"
    })
    void anExitCodeHasAMeaning(int exit, ErrorCode code, String words) throws IOException {
        refused(options("exit " + exit), code)
                .hasMessageContaining(words)
                .hasMessageContaining("Because of exit " + exit + ".")
                .message()
                .doesNotContain("\u001b");
    }

    @ParameterizedTest
    @CsvSource({
        "NaN weights, NaN",
        "wrong rank, 'rank 2, alpha 8.0 and 4 matrices, not rank 4, alpha 8.0 and q_proj, down_proj in all layers'",
        "wrong alpha, alpha 9.0",
        "wrong targets, 2 matrices",
        "link, the link adapter_model.safetensors",
        "linked folder, no output folder",
        "folder in the place of a file, the folder adapter_config.json",
        "'path in a tensor''s name', ../../",
        "pickle beside it, the file adapter_model.bin",
        "pickle inside, pickle",
        "other file, the file optim?.state",
        "truncated, adapter_model.safetensors",
        "too large, adapter_model.safetensors has more than",
        "large configuration, adapter_config.json has more than 1048576 bytes",
        "no configuration, no regular file adapter_config.json",
        "DoRA, use_dora"
    })
    void aBadAdapterIsRefusedWithAReason(String mode, String reason) throws IOException {
        refused(options(mode), ErrorCode.ADAPTER_REFUSED).hasMessageContaining(reason);
    }

    @Test
    void aProgramThatFillsItsOutputIsEnded() throws IOException {
        refused(options("hog"), ErrorCode.ADAPTER_REFUSED).hasMessageContaining("the output folder has more than");
    }

    @Test
    void aFloodOfWordsIsReadAndForgotten() throws IOException {
        assertThat(train("flood").record().steps()).isEqualTo(5);
    }

    @Test
    void aProgramThatReportsNothingIsNotBelieved() throws IOException {
        refused(options("silent"), ErrorCode.RUNTIME_FAILED).hasMessageContaining("never reported a step");
    }

    @Test
    void aLossThatIsNoNumberEndsTheProgram() throws IOException {
        refused(options("NaN loss"), ErrorCode.TRAINING_DIVERGED).hasMessageContaining("step 1");
    }

    @Test
    void aProgramThatHangsIsEndedAtItsTimeLimit() throws IOException {
        refused(options("hang").timeLimit(Duration.ofMillis(1)), ErrorCode.TIMEOUT)
                .hasMessageContaining("PT0.001S");
        refused(options("flood for ever").timeLimit(Duration.ofSeconds(2)), ErrorCode.TIMEOUT);
    }

    @Test
    void theSinkEndsTheProgramAndItsChildren() throws IOException {
        TrainingRequest request = SampleTrainingRequest.request(folder);
        FailureAssertions.refused(
                ErrorCode.INTERRUPTED,
                () -> new CommandTrainer(options("hang")).train(request, progress -> false),
                "after step 1 of 5");
        childIsGone();
    }

    @Test
    void anInterruptEndsTheProgramAndItsChildren() throws Exception {
        TrainingRequest request = SampleTrainingRequest.request(folder);
        CompletableFuture<MemoryException> failure = new CompletableFuture<>();
        CompletableFuture<Void> begun = new CompletableFuture<>();
        Thread training = Thread.ofPlatform().start(() -> {
            try {
                new CommandTrainer(options("hang")).train(request, progress -> begun.complete(null));
            } catch (MemoryException e) {
                assertThat(Thread.currentThread().isInterrupted()).isTrue();
                failure.complete(e);
            }
        });
        begun.join();
        training.interrupt();

        assertThat(failure.get().code()).isEqualTo(ErrorCode.INTERRUPTED);
        training.join();
        childIsGone();
    }

    @Test
    void aChildThatHoldsThePipesDoesNotHoldTheTraining() throws IOException {
        try {
            assertThat(train("orphan").record().steps()).isEqualTo(5);
        } finally {
            child().ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    private Optional<ProcessHandle> child() throws IOException {
        return ProcessHandle.of(Long.parseLong(Files.readString(folder.resolve("told"))));
    }

    /** Waits until the child is gone: a zombie has no command line any more. */
    private void childIsGone() throws IOException {
        var child = child();
        await().until(() -> child.isEmpty()
                || !child.get().isAlive()
                || child.get().info().command().isEmpty());
    }

    @Test
    void aProgramThatIsNotThereIsNamed() throws IOException {
        CommandTrainerOptions options = CommandTrainerOptions.of("none", List.of("no-such-program-of-memos4j"))
                .workParent(folder.resolve("work"));
        refused(options, ErrorCode.RUNTIME_FAILED).hasMessageContaining("no-such-program-of-memos4j");
    }
}
