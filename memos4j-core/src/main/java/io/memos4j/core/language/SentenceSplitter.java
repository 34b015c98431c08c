package io.memos4j.core.language;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Splits text into sentences: at line ends, at Chinese full stops, and at Latin ones followed by a space, but not after
 * an initial or a common abbreviation ("Dr. Novak").
 */
public final class SentenceSplitter {
    /** Matches a run of marks from its beginning only, so that long runs cost no more than others. */
    private static final Pattern END = Pattern.compile(
            "(?=[.!?])(?<![.!?])(?<!\\b(?:\\p{Lu}|Dr|Mr|Mrs|Ms|Prof|Sr|Jr|St|vs|Nr|Inc|Ltd|Co|ca|approx|bzw))[.!?]++"
                    + "[\"'”’)\\]]*+(?=\\s)|[。！？]+[”’」』）]*|\\R");

    private SentenceSplitter() {}

    /** Splits a text into its sentences, stripped; none is blank. */
    public static List<String> split(String text) {
        List<String> sentences = new ArrayList<>();
        Matcher end = END.matcher(text);
        int start = 0;
        while (end.find()) {
            add(sentences, text.substring(start, end.end()));
            start = end.end();
        }
        add(sentences, text.substring(start));
        return sentences;
    }

    private static void add(List<String> sentences, String sentence) {
        if (!sentence.isBlank()) {
            sentences.add(sentence.strip());
        }
    }
}
