package io.memos4j.http;

/**
 * Shortens the text of a server for a message, and strikes out the key that it was sent. Its own text does not show the
 * key.
 *
 * @param secret empty if there is none
 */
public record SecretRedactor(String secret) {
    private static final int EXCERPT = 300;

    /** Returns the text in one line of at most 300 characters, without the secret and without control characters. */
    public String excerpt(String text) {
        String open = secret.isEmpty() ? text : text.replace(secret, "***");
        String plain = open.strip().replaceAll("\\s+", " ").replaceAll("\\p{Cntrl}", "");
        return plain.length() <= EXCERPT ? plain : plain.substring(0, EXCERPT) + "…";
    }

    /** Returns what {@link #excerpt} does, or {@code otherwise} if that is empty. */
    public String excerptOr(String text, String otherwise) {
        String excerpt = excerpt(text);
        return excerpt.isEmpty() ? otherwise : excerpt;
    }

    /** Tells whether a text shows the secret. */
    public boolean isIn(String text) {
        return !secret.isEmpty() && text.contains(secret);
    }

    @Override
    public String toString() {
        return "SecretRedactor[]";
    }
}
