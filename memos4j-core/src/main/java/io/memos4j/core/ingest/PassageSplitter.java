package io.memos4j.core.ingest;

import io.memos4j.spi.index.Passage;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Splits a text into passages of a size that an embedder ranks well: at paragraph ends if possible, else at line ends,
 * sentence ends or white space, and inside a word only as a last resort. Deterministic; the passages partition the
 * text.
 */
public final class PassageSplitter {
    /** The target length of a passage in UTF-16 units: about 120 English tokens, small enough to quote in a context. */
    static final int TARGET = 480;

    /** The longest text that stays whole, so that no tiny remainder is split off. */
    static final int WHOLE = 640;

    private PassageSplitter() {}

    public static List<Passage> split(String text) {
        List<Passage> passages = new ArrayList<>();
        int start = 0;
        while (text.length() - start > WHOLE) {
            int end = breakAfter(text, start);
            passages.add(new Passage(passages.size(), start, end));
            start = end;
        }
        passages.add(new Passage(passages.size(), start, text.length()));
        return passages;
    }

    /**
     * Finds the best end of a passage that begins at {@code start}, between half and the whole of the target length.
     */
    private static int breakAfter(String text, int start) {
        int earliest = start + TARGET / 2;
        int latest = start + TARGET;
        String around = text.substring(earliest, latest);
        int paragraph = around.lastIndexOf("\n\n");
        if (paragraph >= 0) {
            return earliest + paragraph + 2;
        }
        int line = around.lastIndexOf('\n');
        if (line >= 0) {
            return earliest + line + 1;
        }
        int sentence = lastBreak(BreakIterator.getSentenceInstance(Locale.ROOT), text, start, latest);
        if (sentence >= earliest) {
            return sentence;
        }
        int word = lastBreak(BreakIterator.getWordInstance(Locale.ROOT), text, start, latest);
        if (word >= earliest) {
            return word;
        }
        return Character.isLowSurrogate(text.charAt(latest)) ? latest + 1 : latest;
    }

    /**
     * Finds the last break at or before {@code latest}, looking only at the text around it; {@code start} if there is
     * none.
     */
    private static int lastBreak(BreakIterator breaks, String text, int start, int latest) {
        int windowEnd = Math.min(text.length(), latest + 64);
        breaks.setText(text.substring(start, windowEnd));
        int found = breaks.preceding(latest - start + 1);
        return found == BreakIterator.DONE ? start : start + found;
    }
}
