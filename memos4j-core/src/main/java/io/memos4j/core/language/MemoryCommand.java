package io.memos4j.core.language;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a user's message asks of the memory itself. */
public record MemoryCommand(Kind kind, String what) {
    /** The kinds of wishes. */
    public enum Kind {
        /** Nothing: it is a message like others. */
        NONE,
        /** Not to be kept: "Do not save this." */
        OFF_THE_RECORD,
        /** To forget what {@link MemoryCommand#what} describes: "Forget my old address: 5 Elm Street." */
        FORGET
    }

    /** Longer texts are content, not wishes. */
    private static final int LONGEST = 1_000;

    /** Who does not remember something is not asking: "I really don't remember that." */
    private static final String ASKED =
            "(?<!\\b(?:i|we|they)\\s(?:(?:really|still|just|also|actually|honestly|usually)\\s)?)";

    private static final Pattern OFF_THE_RECORD = Pattern.compile(
            "\\b" + ASKED + "(?:do not|don['’]?t|never)\\s+(?:save|store|remember|retain|keep|record|memori[sz]e)"
                    + "(?:\\s+or\\s+\\w+)?\\s+(?:this|that|it|any of (?:this|that|it))"
                    + "(?=\\s*(?:[.!,;]|$|in (?:your|the) memory|for later|about me|anywhere|,? please))"
                    + "|\\boff the record\\b"
                    + "|(?:别|不要|请勿)(?:记住|记下|记录|保存|存下)(?:这|那|它|来|$|[。！，])",
            Pattern.CASE_INSENSITIVE);

    private static final List<Pattern> FORGET = List.of(
            Pattern.compile(
                    "(?:(?:please|now|hey|ok(?:ay)?|actually)[,\\s]+)*(?:can you |could you )?"
                            + "(?:forget|delete|erase)(?:\\s+and\\s+(?:forget|delete|erase|remove))?"
                            + "(?:\\s+(?:about|that|everything about|what i (?:said|told you) about))?"
                            + "\\s+(?!it\\b|about it\\b|to\\b)(.+?)[.!]?",
                    Pattern.CASE_INSENSITIVE | Pattern.DOTALL),
            Pattern.compile("(?:请|你)*(?:忘记|忘掉|删除|抹去)(?!了)(?:关于)?(.+?)[。！]?", Pattern.DOTALL));

    public static final MemoryCommand NONE = new MemoryCommand(Kind.NONE, "");

    /** The wish of a user's message. */
    public static MemoryCommand parse(String message) {
        String text = message.strip();
        if (text.length() > LONGEST) {
            return NONE;
        }
        if (OFF_THE_RECORD.matcher(text).find()) {
            return new MemoryCommand(Kind.OFF_THE_RECORD, "");
        }
        for (Pattern pattern : FORGET) {
            Matcher matcher = pattern.matcher(text);
            if (matcher.matches() && ContentWords.of(matcher.group(1)).size() >= 2) {
                return new MemoryCommand(Kind.FORGET, matcher.group(1).strip());
            }
        }
        return NONE;
    }
}
