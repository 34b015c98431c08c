package io.memos4j.bench.evaluation;

import io.memos4j.core.MemOs;
import io.memos4j.core.MemOsConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class EvaluationRunnerTest {
    @TempDir
    private Path directory;

    private Path set;

    @BeforeEach
    void writeSet() throws IOException {
        set = Files.createDirectory(directory.resolve("tiny"));
        Files.writeString(set.resolve("corpus.jsonl"), """
                {"haystack":"h1","session":"s","unit":"1","time":"2025-01-01T10:00:00","role":"user",\
                "speaker":"Ann","text":"I live in Lyon"}
                {"haystack":"h1","session":"s","unit":"2","time":null,"role":"assistant","speaker":"Bot",\
                "text":"The weather is fine today"}
                {"haystack":"h2","session":"s","unit":"1","time":null,"role":"user","speaker":"Zoe",\
                "text":"I live in Lyon"}
                """);
        Files.writeString(set.resolve("questions.jsonl"), """
                {"id":"q1","haystack":"h1","category":"fact","question":"Who lives in Lyon?",\
                "time":"2025-02-01","evidence":["1"],"answers":["Ann"],"answerable":true}
                {"id":"q2","haystack":"h2","category":"none","question":"weather","time":null,"evidence":[],\
                "answerable":false}
                """);
    }

    private EvaluationReport run(Optional<Path> runFile) {
        try (MemOs memos = MemOs.open(MemOsConfig.at(directory.resolve("data")).withoutEmbedder())) {
            return new EvaluationRunner(memos, message -> {}).run(set, runFile, 10);
        }
    }

    @Test
    void aSetIsRunScoredAndScoredAgainFromItsRunFile() {
        Path runFile = directory.resolve("run.jsonl");
        EvaluationReport report = run(Optional.of(runFile));
        assertThat(report.rows().get("fact").scores().get(RetrievalMetric.RECALL_5))
                .isEqualTo(1.0);
        assertThat(report.rows().get("none").scores()).isEmpty();
        assertThat(report.table()).contains("tiny").contains("R@10").contains("fact");
        EvaluationReport again = EvaluationRunner.score(set, runFile);
        assertThat(again.rows()).isEqualTo(report.rows());
        assertThat(again.milliseconds()).containsExactly(report.milliseconds(), Offset.offset(1e-6));
    }

    @Test
    void malformedLinesAreNamed() throws IOException {
        Files.writeString(
                set.resolve("questions.jsonl"), "{\"id\":\"q1\",\"haystack\":\"h1\",\"question\":\"x\"}\nnonsense\n");
        assertThatThrownBy(() -> run(Optional.empty())).hasMessageContaining("questions.jsonl:2: not JSON");
        Files.writeString(set.resolve("corpus.jsonl"), "{\"haystack\":\"h1\",\"text\":\"x\"}\n");
        assertThatThrownBy(() -> run(Optional.empty())).hasMessageContaining("corpus.jsonl:1: field 'unit' is missing");
        assertThatThrownBy(() -> EvaluationRunner.score(directory, directory.resolve("none")))
                .hasMessageContaining("A set is a directory");
    }
}
