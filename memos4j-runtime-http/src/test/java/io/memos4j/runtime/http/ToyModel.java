package io.memos4j.runtime.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/** A model of bytes, whose next token is a hash of all previous ones: anything forgotten or mixed up shows at once. */
final class ToyModel {
    static final int END = 2;
    static final int VOCABULARY = 261;

    private static final int FIRST_BYTE = 3;
    private static final Map<String, Integer> CONTROL =
            Map.of("<s>", 1, "</s>", END, "<|im_start|>", 259, "<|im_end|>", 260);

    private ToyModel() {}

    /** Mostly bytes of all kinds, which produces broken characters, and rarely the end. */
    static int next(int[] tokens, long seed) {
        long hash = seed * 0x9E3779B97F4A7C15L + 1;
        for (int token : tokens) {
            hash = (hash ^ token) * 0xBF58476D1CE4E5B9L;
            hash ^= hash >>> 29;
        }
        long choice = Math.floorMod(hash, 1_000L);
        return choice < 8 ? END : FIRST_BYTE + (int) (Math.floorMod(hash >>> 20, 256L));
    }

    /** A prompt of so many bytes of all kinds; a longer one begins with a shorter one. */
    static int[] tokens(int count) {
        return IntStream.range(0, count)
                .map(i -> FIRST_BYTE + (i * 37 + i / 7) % 250)
                .toArray();
    }

    static int[] tokenize(String text, boolean start, boolean control) {
        List<Integer> tokens = new ArrayList<>();
        if (start) {
            tokens.add(1);
        }
        int at = 0;
        while (at < text.length()) {
            Optional<String> name = control ? name(text, at) : Optional.empty();
            if (name.isPresent()) {
                tokens.add(CONTROL.get(name.get()));
                at += name.get().length();
            } else {
                int end = text.offsetByCodePoints(at, 1);
                for (byte each : text.substring(at, end).getBytes(StandardCharsets.UTF_8)) {
                    tokens.add(FIRST_BYTE + (each & 0xFF));
                }
                at = end;
            }
        }
        return tokens.stream().mapToInt(Integer::intValue).toArray();
    }

    private static Optional<String> name(String text, int at) {
        return CONTROL.keySet().stream()
                .filter(name -> text.startsWith(name, at))
                .findFirst();
    }

    static byte[] bytes(int[] tokens, boolean names) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int token : tokens) {
            if (token >= FIRST_BYTE && token < FIRST_BYTE + 256) {
                bytes.write(token - FIRST_BYTE);
            } else if (names) {
                CONTROL.forEach((name, id) -> {
                    if (id == token) {
                        bytes.writeBytes(name.getBytes(StandardCharsets.UTF_8));
                    }
                });
            }
        }
        return bytes.toByteArray();
    }

    static String text(int[] tokens, boolean names) {
        return new String(bytes(tokens, names), StandardCharsets.UTF_8);
    }

    /** Tells whether the bytes end within a character. */
    static boolean incomplete(byte[] bytes) {
        for (int back = 1; back <= Math.min(3, bytes.length); back++) {
            int lead = bytes[bytes.length - back] & 0xFF;
            if (lead >= 0xC0) {
                return back < (lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2);
            }
            if (lead < 0x80) {
                return false;
            }
        }
        return false;
    }

    /** ChatML. */
    static String template(JsonNode messages, boolean answerNext) {
        StringBuilder text = new StringBuilder();
        for (JsonNode message : messages) {
            text.append("<|im_start|>")
                    .append(message.path("role").asString())
                    .append('\n')
                    .append(message.path("content").asString())
                    .append("<|im_end|>\n");
        }
        return text.append(answerNext ? "<|im_start|>assistant\n" : "").toString();
    }

    static int[] plus(int[] tokens, int token) {
        int[] more = Arrays.copyOf(tokens, tokens.length + 1);
        more[tokens.length] = token;
        return more;
    }

    static int common(int[] first, int[] second) {
        int mismatch = Arrays.mismatch(first, second);
        return mismatch < 0 ? first.length : mismatch;
    }
}
