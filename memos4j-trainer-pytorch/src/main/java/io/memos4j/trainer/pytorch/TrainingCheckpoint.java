package io.memos4j.trainer.pytorch;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.adapters.TrainingRecord.LossPoint;
import io.memos4j.modelfiles.SafetensorsFile;
import io.memos4j.modelfiles.SafetensorsWriter;
import io.memos4j.modelfiles.TensorType;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A file with the state of an unfinished training: the values, both moments of Adam, and its progress. It is replaced
 * by renaming, so that a killed process leaves the last complete one. The order of the examples follows from the seed,
 * so no generator state is stored.
 */
final class TrainingCheckpoint implements TrainingLoop.StateSink {
    private static final String NAME = "checkpoint.safetensors";
    private static final String FORMAT = "1";

    private final Path file;
    private final String request;
    private final AdamOptimizer adam;

    /**
     * Creates a checkpoint in a folder, which need not exist.
     *
     * @param request describes the training in one line; another training cannot resume from this checkpoint
     */
    TrainingCheckpoint(Path folder, String request, AdamOptimizer adam) {
        this.file = folder.resolve(NAME);
        this.request = request;
        this.adam = adam;
    }

    @Override
    public void save(TrainingLoop.TrainingState state) {
        SafetensorsWriter writer = new SafetensorsWriter()
                .metadata("format", FORMAT)
                .metadata("request", request)
                .metadata("step", Integer.toString(state.step()))
                .metadata("tokens", Long.toString(state.tokens()))
                .metadata("nanos", Long.toString(state.nanos()))
                .metadata("curve", written(state.curve()));
        for (AdamOptimizer.OptimizerPart part : AdamOptimizer.OptimizerPart.values()) {
            writer.tensor(name(part), TensorType.F32, adam.numbers(part), adam.length());
        }
        Path fresh = file.resolveSibling(NAME + ".new");
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            writer.write(fresh);
            try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw failed("write", e);
        }
    }

    /** Restores the state of the training; the beginning if there is no checkpoint. */
    TrainingLoop.TrainingState resume() {
        if (!Files.isRegularFile(file)) {
            return TrainingLoop.TrainingState.BEGIN;
        }
        try (SafetensorsFile saved = SafetensorsFile.open(file)) {
            Map<String, String> metadata = saved.metadata();
            if (!FORMAT.equals(metadata.get("format")) || !request.equals(metadata.get("request"))) {
                throw MemoryException.invalid(
                        "The checkpoint " + file + " belongs to another training (it is of: " + metadata.get("request")
                                + "; asked for: " + request + "). Delete it or choose another folder.");
            }
            for (AdamOptimizer.OptimizerPart part : AdamOptimizer.OptimizerPart.values()) {
                if (saved.tensor(name(part))
                        .filter(tensor -> tensor.count() == adam.length())
                        .isEmpty()) {
                    throw broken("it lacks " + name(part));
                }
                adam.fill(part, saved.weights(name(part)));
            }
            return new TrainingLoop.TrainingState(
                    Integer.parseInt(metadata.getOrDefault("step", "")),
                    Long.parseLong(metadata.getOrDefault("tokens", "")),
                    Long.parseLong(metadata.getOrDefault("nanos", "")),
                    read(metadata.getOrDefault("curve", "")));
        } catch (NumberFormatException e) {
            throw broken("it does not tell how far the training was");
        }
    }

    /** Deletes the checkpoint of a finished training. */
    void delete() {
        try {
            Files.deleteIfExists(file);
            Files.deleteIfExists(file.resolveSibling(NAME + ".new"));
        } catch (IOException e) {
            throw failed("delete", e);
        }
    }

    private static String name(AdamOptimizer.OptimizerPart part) {
        return part.name().toLowerCase(Locale.ROOT);
    }

    private static String written(List<LossPoint> curve) {
        StringBuilder text = new StringBuilder();
        curve.forEach(point ->
                text.append(point.step()).append(':').append(point.loss()).append(' '));
        return text.toString();
    }

    private static List<LossPoint> read(String curve) {
        List<LossPoint> points = new ArrayList<>();
        for (String point : curve.split(" ", -1)) {
            int colon = point.indexOf(':');
            if (colon > 0) {
                points.add(new LossPoint(
                        Integer.parseInt(point.substring(0, colon)), Double.parseDouble(point.substring(colon + 1))));
            }
        }
        return points;
    }

    private MemoryException broken(String why) {
        return new MemoryException(
                ErrorCode.CORRUPT,
                "The checkpoint " + file + " cannot be used: " + why + ". Delete it to start again.");
    }

    private MemoryException failed(String what, IOException e) {
        return new MemoryException(
                ErrorCode.STORAGE_FAILED, "Cannot " + what + " the checkpoint " + file + ": " + e, e);
    }
}
