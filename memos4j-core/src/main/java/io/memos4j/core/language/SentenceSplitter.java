package io.memos4j.core.language;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts text into sentences: at line ends, at Chinese full stops, and at Latin ones that a space follows. */
public final class SentenceSplitter {
    /** A run of marks is looked at from its beginning alone, so that long ones cost no more than others. */
    private static final Pattern END = Pattern.compile("(?<![.!?])[.!?]++[\"'”’)\\]]*+(?=\\s)|[。！？]+[”’」』）]*|\\R");

    private SentenceSplitter() {}

    /** The sentences in order, without the space around them; none is blank. */
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
