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
 * The JSON header of a safetensors file, checked against the size of the file.
 *
 * @param metadata free-form texts
 * @param entries the tensors in the order of their bytes
 */
record SafetensorsHeader(Map<String, String> metadata, List<TensorFile.Entry> entries) {
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final String METADATA = "__metadata__";
    private static final int MOST_SIDES = 8;
    private static final int LONGEST_NAME = 1 << 10;

    /** The members of one tensor; absent ones are null. */
    private record Described(
            @Nullable String type,
            @Nullable List<Long> shape,
            @Nullable List<Long> place) {}

    /**
     * Parses a header of {@code json.length} bytes, which follows the eight bytes of its length in a file of
     * {@code fileSize} bytes.
     */
    static SafetensorsHeader parse(byte[] json, long fileSize) throws BrokenFileException {
        if (json[0] != '{') {
            throw new BrokenFileException("it is not a safetensors file: its header is not a JSON object");
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
                throw new BrokenFileException("its header continues after its JSON object");
            }
            entries.sort(Comparator.comparingLong(TensorFile.Entry::position)
                    .thenComparingLong(entry -> entry.info().bytes()));
            requireFilled(entries, data, fileSize);
            return new SafetensorsHeader(Map.copyOf(metadata), List.copyOf(entries));
        } catch (JacksonException e) {
            throw new BrokenFileException("its header is not valid JSON (" + e.getOriginalMessage() + ")");
        }
    }

    private static void metadata(JsonParser parser, Map<String, String> into) throws BrokenFileException {
        require(parser, JsonToken.START_OBJECT, METADATA);
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            parser.nextToken();
            require(parser, JsonToken.VALUE_STRING, METADATA + " " + key);
            into.put(key, parser.getString());
        }
    }

    private static Described tensor(String name, JsonParser parser) throws BrokenFileException {
        if (name.isEmpty() || name.length() > LONGEST_NAME || name.indexOf('\0') >= 0) {
            throw new BrokenFileException("the name of one of its tensors is empty, longer than " + LONGEST_NAME
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
                default -> throw new BrokenFileException("its tensor " + name + " has an unknown member " + member);
            }
        }
        return new Described(type, shape, place);
    }

    private static List<Long> numbers(String name, JsonParser parser) throws BrokenFileException {
        require(parser, JsonToken.START_ARRAY, name);
        List<Long> numbers = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            require(parser, JsonToken.VALUE_NUMBER_INT, name);
            long number = parser.getLongValue();
            if (number < 0 || numbers.size() == MOST_SIDES) {
                throw new BrokenFileException(
                        "its tensor " + name + " has a negative number or more than " + MOST_SIDES + " sides");
            }
            numbers.add(number);
        }
        return numbers;
    }

    private static TensorFile.Entry entry(String name, Described tensor, long data) throws BrokenFileException {
        if (tensor.type == null || tensor.shape == null || tensor.place == null || tensor.place.size() != 2) {
            throw new BrokenFileException("its tensor " + name + " lacks dtype, shape or two data_offsets");
        }
        TensorType numbers = type(name, tensor.type);
        long begin = tensor.place.getFirst();
        long bytes = tensor.place.getLast() - begin;
        try {
            long count = tensor.shape.stream().reduce(1L, Math::multiplyExact);
            if (Math.multiplyExact(count, numbers.bytes()) != bytes) {
                throw new BrokenFileException("its tensor " + name + " of shape " + tensor.shape + " and type "
                        + numbers + " has " + bytes + " bytes, not " + count * numbers.bytes());
            }
            TensorInfo info = new TensorInfo(name, numbers, tensor.shape, count, bytes);
            return new TensorFile.Entry(info, Math.addExact(data, begin));
        } catch (ArithmeticException e) {
            throw new BrokenFileException("its tensor " + name + " has an impossible size");
        }
    }

    private static TensorType type(String name, String type) throws BrokenFileException {
        for (TensorType numbers : TensorType.values()) {
            if (numbers.name().equals(type) && numbers.bytes() > 0) {
                return numbers;
            }
        }
        throw new BrokenFileException("its tensor " + name + " has numbers of unknown type " + type);
    }

    private static void requireFilled(List<TensorFile.Entry> entries, long data, long fileSize)
            throws BrokenFileException {
        Set<String> names = new HashSet<>();
        long end = data;
        for (TensorFile.Entry entry : entries) {
            String name = entry.info().name();
            if (!names.add(name)) {
                throw new BrokenFileException("its tensor " + name + " is there twice");
            }
            if (entry.position() < end) {
                throw new BrokenFileException("its tensor " + name + " shares bytes with another");
            }
            if (entry.position() > end) {
                throw new BrokenFileException("there is a gap before its tensor " + name);
            }
            if (entry.info().bytes() > fileSize - end) {
                throw new BrokenFileException(
                        "it is truncated: its tensor " + name + " ends after its " + fileSize + " bytes");
            }
            end += entry.info().bytes();
        }
        if (end < fileSize) {
            throw new BrokenFileException("there are " + (fileSize - end) + " bytes after its tensors");
        }
    }

    private static void require(JsonParser parser, JsonToken token, String what) throws BrokenFileException {
        if (parser.currentToken() != token) {
            throw new BrokenFileException("its head has an unexpected value at " + what);
        }
    }
}
