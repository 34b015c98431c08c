package io.memos4j.trainer.external;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.adapters.LoraShape;
import io.memos4j.api.adapters.TrainingRecord;
import io.memos4j.spi.training.TrainingExample;
import io.memos4j.spi.training.TrainingRequest;
import io.memos4j.testkit.FailureAssertions;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Requests that are refused before anything starts, and the processing of reports and output. */
class TrainingRequestTest {
    @TempDir
    private Path folder;

    private static void refused(TrainingRequest request, ErrorCode code, String reason) {
        FailureAssertions.refused(code, () -> ExternalTrainingJob.of(request), reason);
    }

    @Test
    void whatCannotBeTrainedIsRefusedAtOnce() throws IOException {
        TrainingRequest request = SampleTrainingRequest.request(folder);
        TrainingExample mute = TrainingExample.text(new int[] {1, 2});
        refused(
                TrainingRequest.of(
                        request.base(),
                        request.output(),
                        List.of(request.examples().getFirst(), mute)),
                ErrorCode.INVALID_ARGUMENT,
                "Example 2 of 2 has no text");
        refused(request.lora(LoraShape.ofRank(17)), ErrorCode.INVALID_ARGUMENT, "rank 17");
        SampleTrainingRequest.adapter(request.base(), LoraShape.ofRank(4), folder.resolve("other"));
        refused(request.start(folder.resolve("other")), ErrorCode.INVALID_ARGUMENT, "of another size");
        refused(request.start(folder.resolve("none")), ErrorCode.ADAPTER_REFUSED, "not a folder");
        Files.delete(request.base().resolve("model.safetensors"));
        refused(request, ErrorCode.MODEL_UNREADABLE, "no weights");
        Files.delete(request.base().resolve("config.json"));
        refused(request, ErrorCode.MODEL_UNREADABLE, "config.json");
        Files.createDirectory(request.output());
        refused(request, ErrorCode.INVALID_ARGUMENT, "exists already");
    }

    @Test
    void settingsHaveBounds() {
        CommandTrainerOptions command = CommandTrainerOptions.of("a", List.of("b"));
        assertThatThrownBy(() -> CommandTrainerOptions.of(" ", List.of("b"))).hasMessageContaining("label");
        assertThatThrownBy(() -> CommandTrainerOptions.of("a", List.of())).hasMessageContaining("program");
        assertThatThrownBy(() -> CommandTrainerOptions.of("a", List.of("b", "c\0")))
                .hasMessageContaining("character 0");
        assertThatThrownBy(() -> command.environment(Set.of("A=B"))).hasMessageContaining("A=B");
        assertThatThrownBy(() -> command.timeLimit(Duration.ZERO)).hasMessageContaining("timeLimit");
        HttpTrainerOptions http = HttpTrainerOptions.of("a", URI.create("http://localhost:1"));
        for (String address : List.of("ftp://host", "http:///x", "http://a:b@host", "http://host?x=1")) {
            assertThatThrownBy(() -> HttpTrainerOptions.of("a", URI.create(address)))
                    .hasMessageContaining("address");
        }
        assertThatThrownBy(() -> http.apiKey("a\nb")).hasMessageContaining("key");
        assertThatThrownBy(() -> http.poll(Duration.ofDays(1))).hasMessageContaining("poll");
        assertThatThrownBy(() -> http.timeout(Duration.ZERO)).hasMessageContaining("timeout");
        assertThat(http.apiKey("secret").toString()).doesNotContain("secret");
    }

    @Test
    void aLongCourseIsKeptInFewPointsAndItsEnd() throws IOException {
        int steps = 10_007;
        TrainingReportLog course = new TrainingReportLog(steps);
        JsonMapper json = new JsonMapper();
        for (int step = 1; step <= steps; step++) {
            assertThat(course.accept(json.readTree("{\"step\":" + step + ",\"loss\":" + 1.0 / step + "}")))
                    .isPresent();
        }
        assertThat(course.accept(json.readTree("{\"step\":7,\"loss\":1}"))).isEmpty();
        assertThat(course.accept(json.readTree("{\"step\":\"8\",\"loss\":1}"))).isEmpty();
        assertThat(course.accept(json.readTree("[1]"))).isEmpty();

        List<TrainingRecord.LossPoint> curve = course.record(
                        "a", ExternalTrainingJob.of(SampleTrainingRequest.request(folder)))
                .curve();
        assertThat(curve).hasSizeLessThanOrEqualTo(TrainingRecord.MAX_POINTS).hasSizeGreaterThan(250);
        assertThat(curve.getLast().step()).isEqualTo(steps);
        assertThat(curve).extracting(TrainingRecord.LossPoint::step).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void wordsAreCutIntoLinesAndTheirEndIsKept() {
        List<String> lines = new ArrayList<>();
        LineSplitter cutting = new LineSplitter(lines::add);
        OutputTail tail = new OutputTail();
        String text =
                "one\r\n" + "x".repeat(LineSplitter.LONGEST + 1) + "\n\n" + "y".repeat(LineSplitter.LONGEST) + "\nzö";
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            cutting.add(new byte[] {each, 0}, 1);
            tail.add(new byte[] {each, 0}, 1);
        }
        cutting.end();
        assertThat(lines).containsExactly("one", "y".repeat(LineSplitter.LONGEST), "zö");
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        assertThat(tail.text()).endsWith("yyy\nzö").hasSize(OutputTail.KEPT - 1);
        OutputTail atOnce = new OutputTail();
        atOnce.add(bytes, bytes.length);
        assertThat(atOnce.text()).isEqualTo(tail.text());
    }
}
