package io.memos4j.core.ingest.document;

import io.memos4j.core.ingest.document.DocumentOutline.Range;
import java.text.BreakIterator;
import java.util.List;
import java.util.Locale;

/**
 * Finds where to cut a stretch of text that is too long for one chunk.
 *
 * <p>Every natural place for a cut within reach is a candidate. Its score is the weight of the break (a blank line
 * weighs most, a space least) minus its distance from the aimed length, so that a paragraph end somewhat off wins over
 * a sentence end at the right length, but not one far off. The penalty for a cut through something that should stay
 * whole exceeds the weight of any break. Without any candidate (one endless word) the text is cut between characters.
 *
 * <p>Boundaries must be requested in ascending order; not thread-safe.
 */
final class ChunkBoundaryFinder {
    /** The shortest chunk that is cut off; above the longest run of white space, so that none is blank. */
    private static final int SHORTEST = DocumentTextCleaner.MAX_INDENT + 18;

    private static final double PARAGRAPH = 1.0;
    private static final double ITEM = 0.8;
    private static final double SENTENCE = 0.6;
    private static final double LINE = 0.4;
    private static final double CLAUSE = 0.35;
    private static final double WORD = 0.2;
    private static final double PER_DISTANCE = 0.8;
    private static final double THROUGH_KEPT = 1.2;

    private final BreakIterator sentences = BreakIterator.getSentenceInstance(Locale.ROOT);
    private final BreakIterator words = BreakIterator.getWordInstance(Locale.ROOT);
    private final String text;
    private final List<Range> kept;
    private int firstKept;

    private int start;
    private int low;
    private int high;
    private int aim;
    private int best;
    private double bestScore;

    ChunkBoundaryFinder(String text, List<Range> kept) {
        this.text = text;
        this.kept = kept;
    }

    /** Finds the end of the first chunk of {@code start..end}, which is longer than a chunk may be. */
    int findBoundary(int from, int end) {
        int length = end - from;
        int parts = Math.ceilDiv(length, DocumentChunker.TARGET);
        start = from;
        low = from + SHORTEST;
        high = Math.min(from + DocumentChunker.MAX, end - SHORTEST);
        aim = length / parts;
        best = -1;
        bestScore = Double.NEGATIVE_INFINITY;
        while (firstKept < kept.size() && kept.get(firstKept).end() <= from) {
            firstKept++;
        }
        considerWhiteSpace();
        if (bestScore < PARAGRAPH - PER_DISTANCE / 4) {
            considerBreaks(sentences, SENTENCE);
        }
        if (best < 0) {
            considerBreaks(words, WORD);
        }
        return best < 0 ? GraphemeBoundaries.boundaryAtOrBefore(text, from + aim) : best;
    }

    private void considerWhiteSpace() {
        for (int i = low; i <= high; i++) {
            char before = text.charAt(i - 1);
            if (before == '\n') {
                if (text.charAt(i) != '\n') {
                    consider(i, text.charAt(i - 2) == '\n' ? PARAGRAPH : startsItem(i) ? ITEM : LINE);
                }
            } else if (before == ' ' || before == '\t') {
                consider(i, isClauseEnd(text.charAt(i - 2)) ? CLAUSE : WORD);
            } else if (before > 0x7F && isClauseEnd(before)) {
                consider(i, CLAUSE);
            }
        }
    }

    private void considerBreaks(BreakIterator breaks, double weight) {
        breaks.setText(text.substring(start, high));
        for (int at = breaks.following(low - start - 1); at != BreakIterator.DONE; at = breaks.next()) {
            int position = start + at;
            while (position < high && Character.isWhitespace(text.charAt(position))) {
                position++;
            }
            // The end of the window is no break of the text, and "assert_eq!(" no end of a sentence.
            char before = text.charAt(position - 1);
            if (position < high && (weight < SENTENCE || before > 0x7F || Character.isWhitespace(before))) {
                consider(position, weight);
            }
        }
    }

    private void consider(int position, double weight) {
        double score = weight - PER_DISTANCE * Math.abs(position - start - aim) / aim;
        if (score <= bestScore || isSpace(text.charAt(position)) && text.charAt(position - 1) != '\n') {
            return;
        }
        score -= cutsKept(position) ? THROUGH_KEPT : 0;
        if (score > bestScore && GraphemeBoundaries.isBoundary(text, position)) {
            best = position;
            bestScore = score;
        }
    }

    private boolean cutsKept(int position) {
        for (int i = firstKept; i < kept.size() && kept.get(i).start() < position; i++) {
            Range range = kept.get(i);
            if (position < range.end() && range.end() - range.start() <= DocumentChunker.MAX) {
                return true;
            }
        }
        return false;
    }

    private boolean startsItem(int position) {
        int i = position;
        while (i < high && isSpace(text.charAt(i))) {
            i++;
        }
        int digits = i;
        while (digits < high && digits - i < 4 && Character.isDigit(text.charAt(digits))) {
            digits++;
        }
        char mark = text.charAt(digits);
        boolean marked = digits > i ? mark == '.' || mark == ')' : "-*+•|>".indexOf(mark) >= 0;
        return marked && (mark == '|' || (digits + 1 < text.length() && isSpace(text.charAt(digits + 1))));
    }

    private static boolean isClauseEnd(char c) {
        return ",;:，、；：".indexOf(c) >= 0;
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t';
    }
}
