package io.memos4j.spi.training;

import io.memos4j.api.MemoryException;
import io.memos4j.internal.Sha256Hash;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A text as token ids of the base model, and which of them are to be learned.
 *
 * @param tokens at least 2
 * @param taught for each token whether the model is to learn to say it after those before it; the first is never
 *     taught, whatever this says, and one at least must be
 * @param text the same for trainers with a tokenizer of their own; empty if unknown
 */
public record TrainingExample(int[] tokens, boolean[] taught, Optional<Text> text) {
    /** A question and its answer; only the answer is taught. */
    public record Text(String prompt, String answer) {}

    public TrainingExample {
        if (tokens.length < 2 || tokens.length != taught.length) {
            throw MemoryException.invalid("An example needs at least 2 tokens and a mark for each (has " + tokens.length
                    + " tokens, " + taught.length + " marks).");
        }
        tokens = tokens.clone();
        taught = taught.clone();
        taught[0] = false;
        if (count(taught) == 0) {
            throw MemoryException.invalid("An example must teach at least one token after its first.");
        }
    }

    /** All of a text is taught. */
    public static TrainingExample text(int[] tokens) {
        boolean[] taught = new boolean[tokens.length];
        Arrays.fill(taught, true);
        return new TrainingExample(tokens, taught, Optional.empty());
    }

    /** Only the answer is taught, not what it answers. */
    public static TrainingExample answer(int[] prompt, int[] answer) {
        int[] tokens = Arrays.copyOf(prompt, prompt.length + answer.length);
        System.arraycopy(answer, 0, tokens, prompt.length, answer.length);
        boolean[] taught = new boolean[tokens.length];
        Arrays.fill(taught, prompt.length, tokens.length, true);
        return new TrainingExample(tokens, taught, Optional.empty());
    }

    /** It with its text. */
    public TrainingExample text(String prompt, String answer) {
        return new TrainingExample(tokens, taught, Optional.of(new Text(prompt, answer)));
    }

    @Override
    public int[] tokens() {
        return tokens.clone();
    }

    @Override
    public boolean[] taught() {
        return taught.clone();
    }

    /** Returns the number of tokens. */
    public int length() {
        return tokens.length;
    }

    /** Returns the number of tokens that are taught. */
    public int taughtTokens() {
        return count(taught);
    }

    private static int count(boolean[] marks) {
        int count = 0;
        for (boolean each : marks) {
            count += each ? 1 : 0;
        }
        return count;
    }

    /**
     * The SHA-256 of examples in their order, lower-case hexadecimal: of each its length, then each token doubled, plus
     * one if it is taught; all as four bytes, the most significant first.
     */
    public static String hashOf(List<TrainingExample> examples) {
        MessageDigest digest = Sha256Hash.digest();
        for (TrainingExample example : examples) {
            ByteBuffer bytes = ByteBuffer.allocate((1 + example.tokens.length) * Integer.BYTES);
            bytes.putInt(example.tokens.length);
            for (int i = 0; i < example.tokens.length; i++) {
                bytes.putInt(example.tokens[i] << 1 | (example.taught[i] ? 1 : 0));
            }
            digest.update(bytes.array());
        }
        return Sha256Hash.hex(digest);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TrainingExample that
                && Arrays.equals(tokens, that.tokens)
                && Arrays.equals(taught, that.taught)
                && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return Objects.hash(Arrays.hashCode(tokens), Arrays.hashCode(taught), text);
    }
}
