package io.memos4j.core.access;

import io.memos4j.internal.Sha256Hash;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The secret of an API key, {@code m4j_<id>_<random part>}: 12 characters of lower-case base32 that name the key, and
 * 256 random bits as 43 characters of base64url.
 *
 * <p>Only the SHA-256 of the random part is stored. A slow hash would protect passwords that people choose; 256 random
 * bits cannot be guessed, however fast the hash is.
 */
final class ApiKeySecret {
    private static final Pattern FORM = Pattern.compile("m4j_([a-z2-7]{12})_([A-Za-z0-9_-]{43})");
    private static final int LENGTH = 60;
    private static final int ID_LENGTH = 12;
    private static final int RANDOM_BYTES = 32;
    private static final String BASE32 = "abcdefghijklmnopqrstuvwxyz234567";

    private final String id;
    private final String random;

    private ApiKeySecret(String id, String random) {
        this.id = id;
        this.random = random;
    }

    /** Generates a new secret. */
    static ApiKeySecret generate(SecureRandom source) {
        StringBuilder id = new StringBuilder();
        source.ints(ID_LENGTH, 0, BASE32.length()).forEach(digit -> id.append(BASE32.charAt(digit)));
        byte[] bytes = new byte[RANDOM_BYTES];
        source.nextBytes(bytes);
        return new ApiKeySecret(
                id.toString(), Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    /** Parses what a client sent; empty if it cannot be a secret. Takes no longer for long texts. */
    static Optional<ApiKeySecret> parse(String text) {
        if (text.length() != LENGTH) {
            return Optional.empty();
        }
        Matcher parts = FORM.matcher(text);
        return parts.matches() ? Optional.of(new ApiKeySecret(parts.group(1), parts.group(2))) : Optional.empty();
    }

    /** Returns the public id of the key. */
    String id() {
        return id;
    }

    /** Returns the SHA-256 of the random part. */
    byte[] hash() {
        return Sha256Hash.digest().digest(random.getBytes(StandardCharsets.US_ASCII));
    }

    /** Returns the full text, which the client gets once. */
    String reveal() {
        return "m4j_" + id + "_" + random;
    }

    /** Omits the random part, so that it appears in no log. */
    @Override
    public String toString() {
        return "Secret[" + id + "]";
    }
}
