package io.memos4j.trainer.external;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.adapters.LoraShape;
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
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** Sidecars on a real socket that keep or break the contract. */
class HttpTrainerTest {
    private static final Predicate<TrainingProgress> GO_ON = progress -> true;
    private static final String KEY = "secret-of-the-sidecar";

    @TempDir
    private Path folder;

    private final List<Duration> rests = new ArrayList<>();
    private Path adapter;
    private TrainingRequest request;
    private FakeSidecar sidecar;

    @BeforeEach
    void start() throws IOException {
        request = SampleTrainingRequest.request(folder);
        adapter = folder.resolve("theirs");
        SampleTrainingRequest.adapter(request.base(), SampleTrainingRequest.SHAPE, adapter);
        sidecar = new FakeSidecar(adapter);
    }

    @AfterEach
    void stop() throws IOException {
        sidecar.close();
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(each -> each.getFileName().toString())).noneMatch(each -> each.startsWith("."));
        }
    }

    private HttpTrainerOptions options() {
        return HttpTrainerOptions.of("fake 1.0", sidecar.address()).apiKey(KEY);
    }

    private HttpTrainer trainer(HttpTrainerOptions options) {
        return new HttpTrainer(options, HttpTrainer.RETRIES.withoutJitter(), rests::add);
    }

    private AbstractThrowableAssert<?, ? extends Throwable> refused(ErrorCode code) {
        var refusal = FailureAssertions.refused(code, () -> trainer(options()).train(request, GO_ON));
        assertThat(request.output()).doesNotExist();
        return refusal;
    }

    private void forgotten() {
        assertThat(sidecar.asked().getLast().what()).isEqualTo(FakeSidecar.FORGET);
    }

    @Test
    void theAdapterOfASidecarIsTakenWithWhatItReported() {
        sidecar.then(
                FakeSidecar.STATE,
                FakeSidecar.json(200, "{\"state\":\"running\",\"step\":0,\"steps\":5,\"loss\":null}"),
                FakeSidecar.running(2, "0.7"),
                FakeSidecar.running(2, "0.7"));
        List<Integer> seen = new ArrayList<>();

        TrainedAdapter trained = trainer(options()).train(request, progress -> seen.add(progress.step()));

        assertThat(trained.folder()).isEqualTo(request.output());
        assertThat(seen).containsExactly(2, 2, 5);
        TrainingRecord record = trained.record();
        assertThat(record.trainer()).isEqualTo("http fake 1.0");
        assertThat(record.baseHash()).isEqualTo(BaseModelFiles.hash(request.base()));
        assertThat(record.dataHash()).isEqualTo(TrainingExample.hashOf(request.examples()));
        assertThat(record.steps()).isEqualTo(5);
        assertThat(record.finalLoss()).isEqualTo(0.25);
        assertThat(record.tokens()).isEqualTo(80);
        assertThat(record.curve()).extracting(TrainingRecord.LossPoint::step).containsExactly(2, 5);
        try (LoraAdapter taken = LoraAdapter.readPeft(request.output(), BaseModel.ofFolder(request.base()))) {
            assertThat(taken.has(SampleTrainingRequest.SHAPE)).isTrue();
        }
        assertThat(rests).containsOnly(Duration.ofSeconds(2)).hasSize(3);
        forgotten();
    }

    @Test
    void theSidecarIsToldEverythingInOneCall() {
        trainer(options().base("tiny/llama")).train(request, GO_ON);

        FakeSidecar.Asked begin = sidecar.asked().getFirst();
        JsonNode json = new JsonMapper().readTree(begin.body());
        assertThat(json.path("version").asInt()).isEqualTo(1);
        assertThat(json.path("base").asString()).isEqualTo("tiny/llama");
        assertThat(json.path("base_hash").asString()).hasSize(64);
        assertThat(json.path("lora").path("rank").asInt()).isEqualTo(4);
        assertThat(json.path("plan").path("seed").asInt()).isEqualTo(17);
        assertThat(json.path("examples").size()).isEqualTo(2);
        assertThat(json.path("examples").path(1).path("completion").asString()).isEqualTo("Zoë");
        assertThat(json.has("output")).isFalse();
        assertThat(begin.headers().get("Idempotency-key")).hasSize(1);
        assertThat(sidecar.asked())
                .allSatisfy(
                        each -> assertThat(each.headers().get("Authorization")).containsExactly("Bearer " + KEY));
    }

    @Test
    void aBusyOrLostSidecarIsAskedAgainUnderTheSameKey() {
        sidecar.then(FakeSidecar.BEGIN, FakeSidecar.json(503, "busy"), FakeSidecar.drop(), exchange -> {
                    exchange.getResponseHeaders().set("Retry-After", "30");
                    FakeSidecar.json(429, "slow down").to(exchange);
                })
                .then(FakeSidecar.TENSORS, FakeSidecar.json(500, "oops"));

        trainer(options()).train(request, GO_ON);

        assertThat(sidecar.asked().stream()
                        .filter(each -> each.what().equals(FakeSidecar.BEGIN))
                        .map(each -> each.headers().get("Idempotency-key"))
                        .distinct())
                .hasSize(1);
        assertThat(rests)
                .containsExactly(
                        Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(30), Duration.ofSeconds(1));
    }

    @Test
    void aSidecarThatKeepsFailingIsGivenUp() {
        sidecar.always(FakeSidecar.STATE, FakeSidecar.json(503, "overloaded, " + KEY));
        refused(ErrorCode.UPSTREAM_FAILED)
                .hasMessageContaining("overloaded, ***")
                .message()
                .doesNotContain(KEY);
        assertThat(sidecar.count(FakeSidecar.STATE)).isEqualTo(HttpTrainer.RETRIES.tries());
        forgotten();
    }

    @Test
    void aSidecarThatIsNotThereIsNamed() {
        HttpTrainerOptions options = options();
        sidecar.close();
        FailureAssertions.refused(
                ErrorCode.UPSTREAM_FAILED, () -> trainer(options).train(request, GO_ON), "tried 5 times");
    }

    @ParameterizedTest
    @CsvSource({
        "400, INVALID_ARGUMENT",
        "401, RUNTIME_FAILED",
        "404, RUNTIME_FAILED",
        "413, TOO_LARGE",
        "418, RUNTIME_FAILED",
        "429, RATE_LIMITED",
        "200, RUNTIME_FAILED"
    })
    void aRefusalIsToldInOurWords(int status, ErrorCode code) {
        sidecar.always(FakeSidecar.BEGIN, FakeSidecar.json(status, "It says why."));
        refused(code).hasMessageContaining("HTTP " + status).hasMessageContaining("It says why.");
    }

    @Test
    void noRedirectIsFollowed() throws IOException {
        try (FakeSidecar other = new FakeSidecar(adapter)) {
            for (String what : List.of(FakeSidecar.BEGIN, FakeSidecar.STATE, FakeSidecar.CONFIG)) {
                sidecar.then(what, FakeSidecar.redirect(other.address() + "v1/adapters"));
                refused(ErrorCode.RUNTIME_FAILED).hasMessageContaining("redirects (HTTP 307");
            }
            assertThat(other.asked()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2, INVALID_ARGUMENT",
        "3, MODEL_UNREADABLE",
        "4, TRAINING_DIVERGED",
        "5, UNSUPPORTED",
        "9, RUNTIME_FAILED",
        "true, RUNTIME_FAILED"
    })
    void aFailedTrainingSaysWhy(String number, ErrorCode code) {
        sidecar.then(
                FakeSidecar.STATE,
                FakeSidecar.json(200, "{\"state\":\"failed\",\"code\":" + number + ",\"error\":\"So it is.\"}"));
        refused(code).hasMessageContaining("So it is.");
        forgotten();
    }

    @Test
    void aLossThatIsNoNumberEndsTheTraining() {
        sidecar.then(FakeSidecar.STATE, FakeSidecar.running(3, "NaN"));
        refused(ErrorCode.TRAINING_DIVERGED).hasMessageContaining("step 3");
        forgotten();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "../../other", "a/b", "a%2fb", "a?b", "a b"})
    void anIdThatIsAPathIsRefused(String id) {
        sidecar.then(FakeSidecar.BEGIN, FakeSidecar.json(202, "{\"id\":\"" + id + "\"}"));
        refused(ErrorCode.RUNTIME_FAILED).hasMessageContaining("its id is '" + id + "'");
        assertThat(sidecar.asked()).hasSize(1);
    }

    @Test
    void answersThatMakeNoSenseAreRefused() {
        sidecar.then(FakeSidecar.STATE, FakeSidecar.json(200, "<html>"));
        refused(ErrorCode.RUNTIME_FAILED).hasMessageContaining("not JSON");
        sidecar.then(FakeSidecar.STATE, FakeSidecar.json(200, "{\"state\":\"dreaming\"}"));
        refused(ErrorCode.RUNTIME_FAILED).hasMessageContaining("'dreaming'");
        sidecar.then(FakeSidecar.STATE, FakeSidecar.json(200, "{\"state\":\"done\"}"));
        refused(ErrorCode.RUNTIME_FAILED).hasMessageContaining("never reported a step");
        sidecar.then(FakeSidecar.STATE, FakeSidecar.json(200, "{\"state\":\"done\",\"step\":6,\"loss\":1}"));
        refused(ErrorCode.RUNTIME_FAILED).hasMessageContaining("never reported a step");
    }

    @Test
    void answersThatNeverEndAreBrokenOff() {
        sidecar.then(FakeSidecar.STATE, FakeSidecar.flood());
        refused(ErrorCode.RUNTIME_FAILED).hasMessageContaining("more than 1048576 bytes");
        sidecar.then(FakeSidecar.CONFIG, FakeSidecar.flood());
        refused(ErrorCode.ADAPTER_REFUSED).hasMessageContaining("adapter_config.json has more than");
        sidecar.then(FakeSidecar.TENSORS, FakeSidecar.flood());
        refused(ErrorCode.ADAPTER_REFUSED).hasMessageContaining("adapter_model.safetensors has more than");
        forgotten();
    }

    @Test
    void aSidecarThatFallsSilentIsGivenUp() {
        sidecar.always(FakeSidecar.TENSORS, sidecar.stall());
        FailureAssertions.refused(
                ErrorCode.UPSTREAM_FAILED,
                () -> trainer(options().timeout(Duration.ofMillis(200))).train(request, GO_ON),
                "no answer within PT0.2S");
        assertThat(request.output()).doesNotExist();
    }

    @Test
    void badAdaptersAreRefusedWithAReason() throws IOException {
        byte[] tensors = Files.readAllBytes(adapter.resolve(AdapterImporter.TENSORS));
        byte[] broken = tensors.clone();
        ByteBuffer.wrap(broken).order(ByteOrder.LITTLE_ENDIAN).putFloat(broken.length - 4, Float.POSITIVE_INFINITY);
        sidecar.then(FakeSidecar.TENSORS, FakeSidecar.bytes(broken));
        refused(ErrorCode.ADAPTER_REFUSED).hasMessageContaining("Infinity");
        sidecar.then(FakeSidecar.TENSORS, FakeSidecar.bytes(Arrays.copyOf(tensors, tensors.length - 9)));
        refused(ErrorCode.ADAPTER_REFUSED).hasMessageContaining(AdapterImporter.TENSORS);
        sidecar.then(FakeSidecar.TENSORS, FakeSidecar.bytes(new byte[] {(byte) 0x80, 4, 'c', 'o', 's', '\n'}));
        refused(ErrorCode.ADAPTER_REFUSED).hasMessageContaining("pickle");
        sidecar.then(FakeSidecar.CONFIG, FakeSidecar.json(200, "{\"peft_type\":\"LORA\",\"r\":4,\"lora_alpha\":16}"));
        refused(ErrorCode.ADAPTER_REFUSED).hasMessageContaining("alpha 16.0");
        SampleTrainingRequest.adapter(request.base(), LoraShape.ofRank(4), adapter);
        refused(ErrorCode.ADAPTER_REFUSED).hasMessageContaining("14 matrices");
        forgotten();
    }

    @Test
    void theSinkEndsTheTraining() {
        sidecar.always(FakeSidecar.STATE, FakeSidecar.running(2, "0.5"));
        FailureAssertions.refused(
                ErrorCode.INTERRUPTED,
                () -> trainer(options()).train(request, progress -> sidecar.count(FakeSidecar.STATE) < 4));
        assertThat(sidecar.count(FakeSidecar.STATE)).isEqualTo(4);
        forgotten();
    }

    @Test
    void anInterruptEndsTheTrainingAndTheSidecarForgetsIt() throws Exception {
        CompletableFuture<Void> begun = new CompletableFuture<>();
        sidecar.always(FakeSidecar.STATE, exchange -> {
            begun.complete(null);
            sidecar.stall().to(exchange);
        });
        CompletableFuture<MemoryException> failure = new CompletableFuture<>();
        Thread training = Thread.ofPlatform().start(() -> {
            try {
                trainer(options()).train(request, GO_ON);
            } catch (MemoryException e) {
                if (Thread.currentThread().isInterrupted()) {
                    failure.complete(e);
                }
            }
        });
        begun.join();
        training.interrupt();
        training.join();

        assertThat(failure.getNow(null).code()).isEqualTo(ErrorCode.INTERRUPTED);
        forgotten();
    }

    @Test
    void aTrainingThatDoesNotEndIsGivenUpAtItsTimeLimit() {
        sidecar.always(FakeSidecar.STATE, FakeSidecar.running(2, "0.5"));
        FailureAssertions.refused(
                ErrorCode.TIMEOUT,
                () -> trainer(options().timeLimit(Duration.ofMillis(1))).train(request, GO_ON),
                "PT0.001S");
        forgotten();
    }

    @Test
    void itDoesNotGoOnFromAnAdapter() {
        FailureAssertions.refused(
                ErrorCode.UNSUPPORTED, () -> trainer(options()).train(request.start(adapter), GO_ON));
        assertThat(sidecar.asked()).isEmpty();
    }
}
