package io.memos4j.modelfiles;

import io.memos4j.api.MemoryException;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes {@link SafetensorsFile} files. Wider numbers come first, so that all are aligned to their size; otherwise the
 * order of the calls is kept. The same calls give the same bytes. Not thread-safe.
 */
public final class SafetensorsWriter {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int ALIGNMENT = 8;

    private final Map<String, String> metadata = new TreeMap<>();
    private final List<TensorData> tensors = new ArrayList<>();
    private final Set<String> names = new HashSet<>();

    /** Adds free-form metadata. */
    public SafetensorsWriter metadata(String key, String value) {
        metadata.put(key, value);
        return this;
    }

    /** Adds a tensor; the last dimension of the shape is the contiguous one. */
    public SafetensorsWriter tensor(String name, TensorType numbers, WeightSource weights, long... shape) {
        if (!names.add(name)) {
            throw MemoryException.invalid("The tensor " + name + " is there twice. Give each its own name.");
        }
        tensors.add(new TensorData(name, numbers, shape.clone(), weights));
        return this;
    }

    /** Adds a tensor from an array, which must not change until the file is written. */
    public SafetensorsWriter tensor(String name, TensorType numbers, float[] values, long... shape) {
        return tensor(name, numbers, WeightSource.of(TensorData.requireFilled(name, values, shape)), shape);
    }

    /** Writes the file, once: weights are requested while it is written. */
    public void write(Path file) throws IOException {
        tensors.sort(Comparator.comparingInt(tensor -> -tensor.numbers().bytes()));
        byte[] head = head();
        if (head.length > SafetensorsFile.LONGEST_HEAD) {
            throw MemoryException.invalid("The head of " + file + " would have " + head.length + " bytes, of at most "
                    + SafetensorsFile.LONGEST_HEAD + ". Write several files.");
        }
        int padding = Math.floorMod(-head.length, ALIGNMENT);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
            out.write(ByteBuffer.allocate(Long.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(head.length + padding)
                    .array());
            out.write(head);
            out.write(" ".repeat(padding).getBytes(StandardCharsets.US_ASCII));
            for (TensorData tensor : tensors) {
                tensor.write(out);
            }
        }
    }

    private byte[] head() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
            json.writeStartObject();
            if (!metadata.isEmpty()) {
                json.writeName("__metadata__").writeStartObject();
                metadata.forEach(json::writeStringProperty);
                json.writeEndObject();
            }
            long offset = 0;
            for (TensorData tensor : tensors) {
                json.writeName(tensor.name()).writeStartObject();
                json.writeStringProperty("dtype", tensor.numbers().name());
                long[] shape = tensor.shape();
                json.writeName("shape").writeArray(shape, 0, shape.length);
                long[] place = {offset, Math.addExact(offset, tensor.bytes())};
                json.writeName("data_offsets").writeArray(place, 0, place.length);
                json.writeEndObject();
                offset = place[1];
            }
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }
}
