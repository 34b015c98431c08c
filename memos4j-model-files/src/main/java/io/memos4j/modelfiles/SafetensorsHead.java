package io.memos4j.modelfiles;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * The JSON text at the beginning of a safetensors file, checked against the size of the file.
 *
 * @param metadata free texts
 * @param entries the tensors in the order of their bytes
 */
record SafetensorsHead(Map<String, String> metadata, List<TensorFile.Entry> entries) {
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final String METADATA = "__metadata__";
    private static final int MOST_SIDES = 8;
    private static final int LONGEST_NAME = 1 << 10;

    /** The members of one tensor; what is absent is null. */
    private record Described(
            @Nullable String type,
            @Nullable List<Long> shape,
            @Nullable List<Long> place) {}

    /** Reads a head of {@code json.length} bytes, which follows the eight bytes of its length in a file of {@code fileSize} bytes. */
    static SafetensorsHead parse(byte[] json, long fileSize) throws BrokenFile {
        if (json[0] != '{') {
            throw new BrokenFile("it is no safetensors file: its head is no JSON object");
        }
        long data = Long.BYTES + (long) json.length;
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
            Map<String, String> metadata = new HashMap<>();
            List<TensorFile.Entry> entries = new ArrayList<>();
            parser.nextToken();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                if (name.equals(METADATA)) {
                    metadata(parser, metadata);
                } else {
                    entries.add(entry(name, tensor(name, parser), data));
                }
            }
            if (parser.nextToken() != null) {
                throw new BrokenFile("its head goes on after its JSON object");
            }
            entries.sort(Comparator.comparingLong(TensorFile.Entry::position)
                    .thenComparingLong(entry -> entry.info().bytes()));
            requireFilled(entries, data, fileSize);
            return new SafetensorsHead(Map.copyOf(metadata), List.copyOf(entries));
        } catch (JacksonException e) {
            throw new BrokenFile("its head is no valid JSON (" + e.getOriginalMessage() + ")");
        }
    }

    private static void metadata(JsonParser parser, Map<String, String> into) throws BrokenFile {
        require(parser, JsonToken.START_OBJECT, METADATA);
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            parser.nextToken();
            require(parser, JsonToken.VALUE_STRING, METADATA + " " + key);
            into.put(key, parser.getString());
        }
    }

    private static Described tensor(String name, JsonParser parser) throws BrokenFile {
        if (name.isEmpty() || name.length() > LONGEST_NAME || name.indexOf('\0') >= 0) {
            throw new BrokenFile("the name of one of its tensors is empty, longer than " + LONGEST_NAME
                    + " characters or has a NUL in it");
        }
        require(parser, JsonToken.START_OBJECT, name);
        String type = null;
        List<Long> shape = null;
        List<Long> place = null;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String member = parser.currentName();
            parser.nextToken();
            switch (member) {
                case "dtype" -> {
                    require(parser, JsonToken.VALUE_STRING, name);
                    type = parser.getString();
                }
                case "shape" -> shape = numbers(name, parser);
                case "data_offsets" -> place = numbers(name, parser);
                default -> throw new BrokenFile("its tensor " + name + " has an unknown member " + member);
            }
        }
        return new Described(type, shape, place);
    }

    private static List<Long> numbers(String name, JsonParser parser) throws BrokenFile {
        require(parser, JsonToken.START_ARRAY, name);
        List<Long> numbers = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            require(parser, JsonToken.VALUE_NUMBER_INT, name);
            long number = parser.getLongValue();
            if (number < 0 || numbers.size() == MOST_SIDES) {
                throw new BrokenFile(
                        "its tensor " + name + " has a negative number or more than " + MOST_SIDES + " sides");
            }
            numbers.add(number);
        }
        return numbers;
    }

    private static TensorFile.Entry entry(String name, Described tensor, long data) throws BrokenFile {
        if (tensor.type == null || tensor.shape == null || tensor.place == null || tensor.place.size() != 2) {
            throw new BrokenFile("its tensor " + name + " lacks dtype, shape or two data_offsets");
        }
        Numbers numbers = type(name, tensor.type);
        long begin = tensor.place.getFirst();
        long bytes = tensor.place.getLast() - begin;
        try {
            long count = tensor.shape.stream().reduce(1L, Math::multiplyExact);
            if (Math.multiplyExact(count, numbers.bytes()) != bytes) {
                throw new BrokenFile("its tensor " + name + " of shape " + tensor.shape + " and type " + numbers
                        + " has " + bytes + " bytes, not " + count * numbers.bytes());
            }
            TensorInfo info = new TensorInfo(name, numbers, tensor.shape, count, bytes);
            return new TensorFile.Entry(info, Math.addExact(data, begin));
        } catch (ArithmeticException e) {
            throw new BrokenFile("its tensor " + name + " has an impossible size");
        }
    }

    private static Numbers type(String name, String type) throws BrokenFile {
        for (Numbers numbers : Numbers.values()) {
            if (numbers.name().equals(type) && numbers.bytes() > 0) {
                return numbers;
            }
        }
        throw new BrokenFile("its tensor " + name + " has numbers of unknown type " + type);
    }

    private static void requireFilled(List<TensorFile.Entry> entries, long data, long fileSize) throws BrokenFile {
        Set<String> names = new HashSet<>();
        long end = data;
        for (TensorFile.Entry entry : entries) {
            String name = entry.info().name();
            if (!names.add(name)) {
                throw new BrokenFile("its tensor " + name + " is there twice");
            }
            if (entry.position() < end) {
                throw new BrokenFile("its tensor " + name + " shares bytes with another");
            }
            if (entry.position() > end) {
                throw new BrokenFile("there is a gap before its tensor " + name);
            }
            if (entry.info().bytes() > fileSize - end) {
                throw new BrokenFile("it is cut short: its tensor " + name + " ends after its " + fileSize + " bytes");
            }
            end += entry.info().bytes();
        }
        if (end < fileSize) {
            throw new BrokenFile("there are " + (fileSize - end) + " bytes after its tensors");
        }
    }

    private static void require(JsonParser parser, JsonToken token, String what) throws BrokenFile {
        if (parser.currentToken() != token) {
            throw new BrokenFile("its head has an unexpected value at " + what);
        }
    }
}
