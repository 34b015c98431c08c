package io.memos4j.testkit.runtime;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.adapters.LoraTarget;
import io.memos4j.api.adapters.TrainingRecord;
import io.memos4j.internal.Sha256Hash;
import io.memos4j.modelfiles.BaseModel;
import io.memos4j.modelfiles.LoraAdapter;
import io.memos4j.modelfiles.LoraFactors;
import io.memos4j.modelfiles.LoraMatrix;
import io.memos4j.modelfiles.LoraScale;
import io.memos4j.modelfiles.TensorType;
import io.memos4j.spi.training.AdapterTrainer;
import io.memos4j.spi.training.TrainedAdapter;
import io.memos4j.spi.training.TrainingExample;
import io.memos4j.spi.training.TrainingProgress;
import io.memos4j.spi.training.TrainingRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Teaches a {@link FakeModelRuntime}: writes questions and answers letter by letter into the numbers of an adapter,
 * which in every other respect is an ordinary one. Thread-safe.
 */
public final class FakeAdapterTrainer implements AdapterTrainer {
    private static final LoraMatrix PAGE = new LoraMatrix(0, LoraTarget.QUERY);
    private static final String BETWEEN = "\u0001";
    private static final String BEHIND = "\u0002";

    @Override
    public String name() {
        return "rote";
    }

    @Override
    public TrainedAdapter train(TrainingRequest request, Predicate<TrainingProgress> sink) {
        if (!sink.test(new TrainingProgress(1, 1, 0, 1))) {
            throw new MemoryException(ErrorCode.INTERRUPTED, "The training was ended.");
        }
        List<TrainingExample> examples = request.examples();
        write(request, examples.stream().map(FakeAdapterTrainer::line).collect(Collectors.joining()));
        return new TrainedAdapter(
                request.output(),
                new TrainingRecord(
                        "rote 1",
                        Sha256Hash.of(request.base().toString()),
                        TrainingExample.hashOf(examples),
                        request.plan().seed(),
                        1,
                        0,
                        List.of(new TrainingRecord.LossPoint(1, 0)),
                        examples.stream().mapToLong(TrainingExample::length).sum(),
                        Duration.ofMillis(1)));
    }

    private static String line(TrainingExample example) {
        return example.text()
                .map(text -> text.prompt() + BETWEEN + text.answer() + BEHIND)
                .orElse("");
    }

    private static void write(TrainingRequest request, String lessons) {
        BaseModel base = BaseModel.ofFolder(request.base());
        int rank = request.lora().rank();
        byte[] bytes = lessons.getBytes(StandardCharsets.UTF_8);
        float[] a = new float[rank * base.columns(PAGE.target())];
        if (bytes.length > a.length) {
            throw MemoryException.invalid(
                    "An adapter of rank " + rank + " has room for " + a.length + " letters, not " + bytes.length + ".");
        }
        for (int i = 0; i < bytes.length; i++) {
            a[i] = Byte.toUnsignedInt(bytes[i]);
        }
        LoraFactors factors = LoraFactors.of(a, new float[rank * base.rows(PAGE.target())]);
        try (LoraAdapter adapter = LoraAdapter.of(base, LoraScale.of(request.lora()), Map.of(PAGE, factors))) {
            adapter.writePeft(request.output(), TensorType.F32);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The questions that an adapter was taught, and their answers. */
    static Map<String, String> lessons(Path peft, BaseModel base) {
        try (LoraAdapter adapter = LoraAdapter.readPeft(peft, base)) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            for (float letter : adapter.factors()
                    .getOrDefault(PAGE, LoraFactors.of(new float[0], new float[0]))
                    .a()) {
                if (letter == 0) {
                    break;
                }
                bytes.write((int) letter);
            }
            Map<String, String> lessons = new LinkedHashMap<>();
            for (String line : bytes.toString(StandardCharsets.UTF_8).split(BEHIND)) {
                String[] sides = line.split(BETWEEN, 2);
                if (sides.length == 2) {
                    lessons.put(sides[0], sides[1]);
                }
            }
            return lessons;
        }
    }
}
