package io.memos4j.core.search;

import io.memos4j.core.language.ContentWords;
import io.memos4j.core.language.time.TimeExpression;
import io.memos4j.core.language.time.TimeExpressionFinder;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What the wording of a query tells about what it looks for, cheaply and without a model; English and Chinese.
 *
 * @param aspects what it asks for
 * @param times the spans of time that it names
 * @param words its words in lower case, for finding names among them
 * @param askers who speaks in it, if it is an excerpt of a dialogue, without the assistant; in lower case
 */
record QueryAnalysis(Set<Aspect> aspects, List<TimeExpression> times, Set<String> words, Set<String> askers) {
    /** Something that a query may ask for. */
    enum Aspect {
        /** The asker asks about themselves: what users said counts for more than what they were told. */
        FIRST_PERSON("\\b(?:I|me|my|mine|myself)\\b|\\bI['’](?:m|ve|d|ll)\\b|我|俺|咱", Pattern.UNICODE_CHARACTER_CLASS),
        /** What the assistant said, advised or made. */
        ASSISTANT(
                "\\b(?:did|have|had) (?:you|the assistant)\\b|\\byou (?:said|told|suggest|recommend|advis|mention|gave|wrote|list)\\w*"
                        + "|\\bthe assistant\\b|你(?:说|建议|推荐|提到|告诉)"),
        /** What was once, though it may hold no longer. */
        HISTORY(
                "\\b(?:used to|previous(?:ly)?|original(?:ly)?|initial(?:ly)?|histor(?:y|ical(?:ly)?)|former(?:ly)?|earlier|in the past"
                        + "|back then|at first|over time|so far|ever|no longer|before (?:that|the change|it changed))\\b|以前|之前|曾经|原来|当时|历史"),
        /** A course of events or a whole: answered by stretches of conversation rather than by single turns. */
        OVERVIEW(
                "\\b(?:summar(?:y|ies|ise|ize|ising|izing)|overview|recap|timeline|chronolog\\w+|in order|in the order|the order (?:in|of)"
                        + "|walk me through|sequence of events|everything (?:we|i|you)(?:['’]ve)? (?:cover|discuss|talk|learn|said)\\w*"
                        + "|how (?:have|has|did) .{1,60} (?:progress|develop|evolve|change)\\w* (?:over|throughout|across|through|so far))\\b"
                        + "|总结|概括|回顾|梳理|先后顺序|来龙去脉"),
        /** Help with something to come: preferences bear on the answer although the question does not resemble them. */
        ADVICE(
                "\\b(?:suggest|recommend|advi[cs]e|should (?:i|we)|could you|can you|would you|help me|how (?:do|should|can|would|could) (?:i|we)"
                        + "|what (?:would|could|should)|plan (?:a|an|my|our|the|for)|planning|best (?:way|place|time)|ideas?|options?|write me|draft|looking for"
                        + "|thinking (?:of|about)|choose|pick|prefer)\\b|推荐|建议|应该|帮我|怎么|写一"),
        /** How to do something, or why: what was found out counts, old or new. */
        METHOD(
                "^(?:how|why)\\b(?! (?:many|much|long|often|old|big|far|tall|high|fast))|\\b(?:suggest|recommend|advi[cs]e)\\w*|怎么|为什么|如何"),
        /** When something happened: the answer names a time. */
        WHEN(
                "^(?:when|what (?:date|day|month|year|time)|which (?:date|day|month|year)|how (?:long|many (?:days|weeks|months|years)))\\b"
                        + "|\\bhow long ago\\b|什么时候|何时|哪一?[天年月]|几[号月点]|多久"),
        /** All of several, or a habit ("what does … do"): the parts of the answer lie in several memories. */
        GATHER(
                "^(?:which|what)\\s+(?:\\p{L}+\\s+){0,3}?(?!(?:was|is|his|this|its)\\b)\\p{L}+[^s\\W]s\\b(?!\\s+name)|\\bhow many (?:times|different)\\b|\\ball (?:the|of)\\b|\\bwhat are\\b"
                        + "|\\b(?:names?|types?|kinds?|sorts?) of\\b|\\bboth\\b|\\bin common\\b|\\blist\\b|哪些|有什么|都有|列出|几次"),
        /** Happened, in the past tense. */
        PAST("\\b(?:did|was|were|had)\\b");

        private final Pattern pattern;

        Aspect(String regex) {
            this(regex, Pattern.CASE_INSENSITIVE);
        }

        Aspect(String regex, int flags) {
            this.pattern = Pattern.compile(regex, flags);
        }
    }

    /**
     * A query of several sentences, such as the last turns of a dialogue, holds many words that it does not ask for.
     */
    private static final Pattern SENTENCE_ENDS = Pattern.compile("[.!?]\\s|[。！？]");

    private static final int SENTENCES = 3;
    /** The beginning of a turn in a dialogue: a name and a colon, in angle brackets or at the start of a line. */
    private static final Pattern TURN =
            Pattern.compile("(?m)(?:<|^)([\\p{L}][\\p{L}\\p{N} _-]{0,30})(?:>\\s*[:：]|[:：]\\s)");

    /** The name of a speaker who has none. */
    private static final String USER = "user";

    private static final Pattern NO_LETTERS = Pattern.compile("[^\\p{L}\\p{N}]+");

    /** Only the beginning of a query is analysed; what is longer is a text rather than a question. */
    private static final int ANALYSED = 2_000;

    static QueryAnalysis of(String query, LocalDate reference) {
        String head = query.length() > ANALYSED ? query.substring(0, ANALYSED) : query;
        EnumSet<Aspect> aspects = EnumSet.noneOf(Aspect.class);
        for (Aspect aspect : Aspect.values()) {
            if (aspect.pattern.matcher(head).find()) {
                aspects.add(aspect);
            }
        }
        Set<String> words = Arrays.stream(
                        NO_LETTERS.split(head.toLowerCase(Locale.ROOT).replaceAll("['’]s\\b", "")))
                .filter(word -> !word.isEmpty())
                .collect(Collectors.toCollection(HashSet::new));
        Set<String> askers = TURN.matcher(head)
                .results()
                .map(turn -> turn.group(1).toLowerCase(Locale.ROOT))
                .filter(name -> !NeighborBoost.ASSISTANTS.contains(name) && !name.equals(USER))
                .collect(Collectors.toSet());
        return new QueryAnalysis(aspects, TimeExpressionFinder.find(head, reference), words, askers);
    }

    /** Whether a text tells of somebody who speaks in the query. */
    boolean mentionsAsker(String text) {
        return !askers.isEmpty() && askers.stream().anyMatch(text.toLowerCase(Locale.ROOT)::contains);
    }

    boolean asks(Aspect aspect) {
        return aspects.contains(aspect);
    }

    /** Whether it asks for a present state of affairs, so that the newest of several values is the answer. */
    boolean asksForState() {
        return !asks(Aspect.HISTORY) && !asks(Aspect.PAST) && !asks(Aspect.OVERVIEW) && !asks(Aspect.METHOD);
    }

    static boolean isPassage(String query) {
        return SENTENCE_ENDS.matcher(query).results().limit(SENTENCES).count() == SENTENCES;
    }

    /**
     * Whether it names this speaker, in full or by a short form of at least three letters: "Mel" for Melanie. A
     * function word is no short form ("the" of Theresa), and the speaker who is just called user has none.
     */
    boolean names(String speaker) {
        for (String name : NO_LETTERS.split(speaker.toLowerCase(Locale.ROOT))) {
            if (name.length() >= 2 && words.contains(name)) {
                return true;
            }
            if (name.length() > 3 && !name.equals(USER) && words.stream().anyMatch(word -> isShortForm(word, name))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isShortForm(String word, String name) {
        return word.length() >= 3
                && name.startsWith(word)
                && !ContentWords.of(word).isEmpty();
    }
}
