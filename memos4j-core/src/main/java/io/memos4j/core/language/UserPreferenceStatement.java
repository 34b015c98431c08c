package io.memos4j.core.language;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A sentence in which a user says how they want to be treated: a standing instruction, or a preference. It counts in
 * conversations that do not mention it.
 */
public record UserPreferenceStatement(Kind kind, String text) {
    /** The kinds of remarks. */
    public enum Kind {
        /** To the assistant, until further notice: "Always cite your sources." */
        INSTRUCTION,
        /** What the user likes or dislikes: "I prefer trains to planes." */
        PREFERENCE
    }

    /** Longer messages are content that was pasted rather than something said to the assistant. */
    private static final int LONGEST_MESSAGE = 1_500;

    /** Instructions are given for themselves; a rule inside a longer text is a part of what the text is about. */
    private static final int LONGEST_INSTRUCTION = 250;

    private static final int LONGEST_SENTENCE = 300;
    private static final int MOST = 3;

    private static final String POLITE =
            "(?:(?:please|also|and|so|ok(?:ay)?|hey|remember|note|important|btw|by the way)[:,]?\\s+)*";

    /** "Always" followed by what is no verb is small talk: "Always good to see you." */
    private static final String NO_VERB =
            "(?:good|nice|great|happy|glad|fun|here|there|up|been|a|an|the|in|on|at|so|such|love[ds]?|wanted"
                    + "|had|have|was|were|is|are|did|thought|knew|felt|mind|my|your|his|her|our|too|more|better|worth|seen|heard|ready|open)\\b";

    private static final Pattern INSTRUCTION = Pattern.compile(
            "^" + POLITE + "(?:(?:always|never|don['’]?t ever|do not ever)\\s+(?!" + NO_VERB + ")\\p{L}+\\s+\\S+\\s+\\S"
                    + "|(?:from now on|going forward|in (?:the )?future)[,]?\\s+(?!i\\b|we\\b|it\\b|there\\b)\\p{L}+\\s+\\S"
                    + "|(?:whenever|every time|each time|when) (?:i|we) (?:ask|request|say|mention|send|write|want)\\b.*,\\s*\\p{L}+"
                    + "|(?:make sure|be sure) (?:to|that you|you) (?:always|never)\\b)"
                    + "|\\bi(?:['’]d| would)? (?:always )?(?:want|like|need|expect) you to (?:always|never)\\b"
                    + "|\\byou (?:should|must) (?:always|never)\\b"
                    + "|^(?:请|记住|注意)?[，：]?(?:以后|今后|从现在起|从今以后|每次|总是|永远|务必|一定要|千万)(?!.{0,4}我(?:会|要|都)).{3,}",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern PREFERENCE = Pattern.compile(
            "\\bi(?:['’](?:m|ve)| am| have)?\\s+(?:(?:really|usually|always|generally|still|also|actually|much|definitely|strongly"
                    + "|do|just|often|personally|typically|truly|absolutely|rather)\\s+)*"
                    + "(?:prefer(?:red)?|(?:like|love|enjoy|hate|dislike|favou?r)(?! (?:that|how|it|this|those|these|them|you|him|her|your|the way|all the|all of|what|to (?:see|hear|know|think|make sure|say))\\b)|can['’]?t stand|cannot stand|don['’]?t (?:like|enjoy|eat|drink)"
                    + "|avoid|allergic to|a vegetarian|a vegan|vegetarian|vegan)\\b"
                    + "|\\bmy (?:favou?rite|preferred|preference)\\b"
                    + "|我(?:更|最|很|不|特别|比较|一直|也|还是)*(?:喜欢|偏好|讨厌|爱吃|爱喝|对.{1,8}过敏)",
            Pattern.CASE_INSENSITIVE);

    /** Words of others, which the user only shows. */
    private static final Pattern QUOTED = Pattern.compile(
            "^[\"“「『>`]|```|\\b(?:says?|said|reads?|wrote|writes|email|mail|page|message|article|text|prompt)\\s*:",
            Pattern.CASE_INSENSITIVE);

    /** The remarks in a user's message, a few at the most; instructions before preferences. */
    public static List<UserPreferenceStatement> findIn(String message) {
        if (message.length() > LONGEST_MESSAGE || QUOTED.matcher(message).find()) {
            return List.of();
        }
        List<UserPreferenceStatement> instructions = new ArrayList<>();
        List<UserPreferenceStatement> preferences = new ArrayList<>();
        for (String sentence : SentenceSplitter.split(message)) {
            if (sentence.length() > LONGEST_SENTENCE) {
                continue;
            }
            if (message.length() <= LONGEST_INSTRUCTION
                    && INSTRUCTION.matcher(sentence).find()
                    && !QuestionDetector.isQuestion(sentence)) {
                instructions.add(new UserPreferenceStatement(Kind.INSTRUCTION, sentence));
            } else if (PREFERENCE.matcher(sentence).find()) {
                preferences.add(new UserPreferenceStatement(Kind.PREFERENCE, sentence));
            }
        }
        instructions.addAll(preferences);
        return instructions.subList(0, Math.min(MOST, instructions.size()));
    }
}
