package io.memos4j.embeddings.onnx;

import java.lang.Character.UnicodeScript;

/**
 * The languages that a model understands, judged by script.
 *
 * <p>A vector of text in a script that the model was not trained on is noise that outranks real matches; no vector is
 * better.
 */
public enum LanguageCoverage {
    /** Every language. */
    ALL,
    /** Languages in Latin script: covers text if at least half of its letters are Latin, or if it has no letters. */
    LATIN,
    /**
     * Chinese: covers text if most of its letters are Chinese characters and none is Japanese kana or Korean hangul.
     */
    CHINESE;

    boolean covers(String text) {
        return this == ALL || new Letters(text).coveredBy(this);
    }

    /** Counts letters by script. One Chinese character weighs as much as three Latin letters. */
    private static final class Letters {
        private int latin;
        private int chinese;
        private int other;
        private boolean kanaOrHangul;

        Letters(String text) {
            text.codePoints().filter(Character::isLetter).forEach(this::count);
        }

        private void count(int letter) {
            if (letter < 128) {
                latin++;
                return;
            }
            switch (UnicodeScript.of(letter)) {
                case LATIN -> latin++;
                case HAN -> chinese += 3;
                case HIRAGANA, KATAKANA, HANGUL -> {
                    other++;
                    kanaOrHangul = true;
                }
                default -> other++;
            }
        }

        boolean coveredBy(LanguageCoverage coverage) {
            return switch (coverage) {
                case ALL -> true;
                case LATIN -> latin >= chinese + other;
                case CHINESE -> !kanaOrHangul && chinese > latin + other;
            };
        }
    }
}
