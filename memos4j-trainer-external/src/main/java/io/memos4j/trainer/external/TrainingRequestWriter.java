package io.memos4j.trainer.external;

import io.memos4j.spi.training.TrainingExample;
import io.memos4j.spi.training.TrainingPlan;
import io.memos4j.spi.training.TrainingRequest;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes a job for trainers outside: the members of {@code request.json}, and the examples. Holds one example at a time
 * in memory.
 */
final class TrainingRequestWriter {
    private static final int VERSION = 1;
    private static final JsonMapper JSON = JsonMapper.builder(
                    JsonFactory.builder().rootValueSeparator("\n").build())
            .build();

    private final ExternalTrainingJob job;

    TrainingRequestWriter(ExternalTrainingJob job) {
        this.job = job;
    }

    /** Writes everything but the examples, with further members for paths. */
    void writeRequest(Path file, Map<String, String> places) throws IOException {
        write(file, out -> {
            out.writeStartObject();
            members(out, places);
            out.writeEndObject();
        });
    }

    /** Writes everything into one file. */
    void writeWithExamples(Path file, Map<String, String> places) throws IOException {
        write(file, out -> {
            out.writeStartObject();
            members(out, places);
            out.writeArrayPropertyStart("examples");
            for (TrainingExample example : job.request().examples()) {
                example(out, example);
            }
            out.writeEndArray();
            out.writeEndObject();
        });
    }

    /** Writes one example per line. */
    void writeExamples(Path file) throws IOException {
        write(file, out -> {
            for (TrainingExample example : job.request().examples()) {
                example(out, example);
            }
            out.writeRaw("\n");
        });
    }

    @FunctionalInterface
    private interface Writing {
        void to(JsonGenerator out);
    }

    private static void write(Path file, Writing writing) throws IOException {
        try (OutputStream bytes = Files.newOutputStream(file);
                JsonGenerator out = JSON.createGenerator(bytes)) {
            writing.to(out);
        } catch (JacksonIOException e) {
            throw e.getCause();
        }
    }

    private void members(JsonGenerator out, Map<String, String> places) {
        TrainingRequest request = job.request();
        TrainingPlan plan = request.plan();
        out.writeNumberProperty("version", VERSION);
        places.forEach(out::writeStringProperty);
        out.writeStringProperty("base_hash", job.baseHash());
        out.writeStringProperty("data_hash", job.dataHash());
        out.writeObjectPropertyStart("lora");
        out.writeNumberProperty("rank", request.lora().rank());
        out.writeNumberProperty("alpha", request.lora().alpha());
        out.writeArrayPropertyStart("target_modules");
        job.targets().forEach(out::writeString);
        out.writeEndArray();
        out.writeEndObject();
        out.writeObjectPropertyStart("plan");
        out.writeNumberProperty("steps", plan.steps());
        out.writeNumberProperty("batch", plan.batch());
        out.writeNumberProperty("accumulation", plan.accumulation());
        out.writeNumberProperty("learning_rate", plan.learningRate());
        out.writeNumberProperty("seed", plan.seed());
        out.writeEndObject();
        out.writeObjectPropertyStart("compute");
        out.writeStringProperty("device", request.compute().device().name().toLowerCase(Locale.ROOT));
        out.writeStringProperty(
                "precision", request.compute().precision().name().toLowerCase(Locale.ROOT));
        out.writeNumberProperty("threads", request.compute().threads());
        out.writeEndObject();
    }

    private static void example(JsonGenerator out, TrainingExample example) {
        TrainingExample.Text text = example.text().orElseThrow();
        out.writeStartObject();
        out.writeStringProperty("prompt", text.prompt());
        out.writeStringProperty("completion", text.answer());
        out.writeArrayPropertyStart("tokens");
        for (int token : example.tokens()) {
            out.writeNumber(token);
        }
        out.writeEndArray();
        out.writeArrayPropertyStart("taught");
        for (boolean taught : example.taught()) {
            out.writeBoolean(taught);
        }
        out.writeEndArray();
        out.writeEndObject();
    }
}
