package io.memos4j.trainer.pytorch;

import io.memos4j.spi.training.ComputeOptions;
import io.memos4j.spi.training.TrainingExample;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;

/** The vocabulary of {@code RandomLlama}: unknown, begin and end, the 256 bytes, a space. */
final class ByteTokens {
    static final int BEGIN = 1;
    static final int END = 2;
    private static final int FIRST = 3;

    /** One thread: the same numbers on every machine, and no spinning beside other tests. */
    static final ComputeOptions ALONE = ComputeOptions.processor().threads(1);

    private ByteTokens() {}

    /** The start token and the bytes of a text. */
    static int[] begin(String text) {
        return IntStream.concat(IntStream.of(BEGIN), of(text)).toArray();
    }

    static IntStream of(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return IntStream.range(0, bytes.length).map(i -> FIRST + (bytes[i] & 0xFF));
    }

    static String text(int[] tokens) {
        byte[] bytes = new byte[tokens.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (tokens[i] - FIRST);
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** An example with a question and its answer. */
    static TrainingExample answer(String question, String answer) {
        return TrainingExample.answer(
                begin(question), IntStream.concat(of(answer), IntStream.of(END)).toArray());
    }

    static TrainingExample text(String text) {
        int[] tokens = Arrays.copyOf(begin(text), begin(text).length + 1);
        tokens[tokens.length - 1] = END;
        return TrainingExample.text(tokens);
    }
}
