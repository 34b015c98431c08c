package io.memos4j.embeddings.onnx;

import java.lang.Character.UnicodeScript;

/**
 * Which languages a model understands, judged by script.
 *
 * <p>A vector of text in a script that the model was not trained on is noise that outranks real matches; it is better to have none.
 */
public enum Coverage {
    /** Every language. */
    ALL,
    /** Languages in Latin script: text is covered if at least half of its letters are Latin, or if it has no letters. */
    LATIN;

    boolean covers(String text) {
        return this == ALL || mostlyLatin(text);
    }

    private static boolean mostlyLatin(String text) {
        int latin = 0;
        int other = 0;
        for (int i = 0; i < text.length(); ) {
            int codePoint = text.codePointAt(i);
            if (codePoint < 128) {
                latin += Character.isLetter(codePoint) ? 1 : 0;
            } else if (Character.isLetter(codePoint)) {
                UnicodeScript script = UnicodeScript.of(codePoint);
                // One Chinese character stands for about as much as three Latin letters.
                other += script == UnicodeScript.LATIN ? 0 : Character.isIdeographic(codePoint) ? 3 : 1;
                latin += script == UnicodeScript.LATIN ? 1 : 0;
            }
            i += Character.charCount(codePoint);
        }
        return latin >= other;
    }
}
