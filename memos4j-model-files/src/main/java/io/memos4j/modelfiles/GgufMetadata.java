package io.memos4j.modelfiles;

import io.memos4j.internal.Sha256Hash;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The metadata of a GGUF file: integers as {@link Long}, fractions as {@link Float} or {@link Double}, texts as
 * {@link String}, arrays by their length, or by the largest number.
 */
record GgufMetadata(Map<String, Object> values) {
    private static final int MAX_NUMBER = 1 << 24;

    String text(String key) throws BrokenFileException {
        if (values.get(key) instanceof String text && !text.isBlank()) {
            return text;
        }
        throw new BrokenFileException("its metadata has no " + key);
    }

    long number(String key, long otherwise) {
        return values.get(key) instanceof Long number ? number : otherwise;
    }

    /** Returns a fraction, or {@code otherwise} if there is none. */
    float fraction(String key, float otherwise) {
        return values.get(key) instanceof Float fraction ? fraction : otherwise;
    }

    int positive(String key) throws BrokenFileException {
        return positive(key, 0);
    }

    /** Returns an integer from 1 to 2^24. */
    int positive(String key, int otherwise) throws BrokenFileException {
        long number = number(key, otherwise);
        if (number < 1 || number > MAX_NUMBER) {
            throw new BrokenFileException("its " + key + " is " + (number == 0 ? "absent" : number));
        }
        return (int) number;
    }

    /** Hashes a text with SHA-256; empty if there is none. */
    String hash(String key) {
        if (values.get(key) instanceof String text) {
            var digest = Sha256Hash.digest();
            digest.update(text.getBytes(StandardCharsets.UTF_8));
            return Sha256Hash.hex(digest);
        }
        return "";
    }
}
