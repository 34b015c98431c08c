package io.memos4j.core.search;

import io.memos4j.core.language.ContentWords;
import io.memos4j.core.language.LanguageRules;
import io.memos4j.core.language.PatternSet;
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
 * Analyzes the wording of a query without a model: what it asks for, the times and the names in it.
 *
 * @param aspects what it asks for
 * @param times the time spans that it names
 * @param words its words in lower case, for finding names among them
 * @param askers the speakers in it, if it is an excerpt of a dialogue, without the assistant; in lower case
 */
record QueryAnalysis(Set<Aspect> aspects, List<TimeExpression> times, Set<String> words, Set<String> askers) {
    /** An aspect that a query may ask for. */
    enum Aspect {
        /** The asker asks about themselves: what users said counts for more than what they were told. */
        FIRST_PERSON(PatternSet.QUERY_FIRST_PERSON),
        /** Words, advice or work of the assistant. */
        ASSISTANT(PatternSet.QUERY_ASSISTANT),
        /** Questions, which answer nothing otherwise. */
        QUESTIONS(PatternSet.QUERY_QUESTIONS),
        /** The past, though it may hold no longer. */
        HISTORY(PatternSet.QUERY_HISTORY),
        /** A course of events or a whole, which spans of conversation answer rather than single turns. */
        OVERVIEW(PatternSet.QUERY_OVERVIEW),
        /** Help with something to come: preferences bear on the answer although the question does not resemble them. */
        ADVICE(PatternSet.QUERY_ADVICE),
        /** A way or a reason: every finding counts, old or new. */
        METHOD(PatternSet.QUERY_METHOD),
        /** A number or an amount. */
        QUANTITY(PatternSet.QUERY_QUANTITY),
        /** The present state, in so many words. */
        CURRENT(PatternSet.QUERY_CURRENT),
        /** The time of an event. */
        WHEN(PatternSet.QUERY_WHEN),
        /** All of several things, or a habit ("what does … do"): the parts of the answer are in several memories. */
        GATHER(PatternSet.QUERY_GATHER),
        /** An event, in the past tense. */
        PAST(PatternSet.QUERY_PAST);

        private final PatternSet wording;

        Aspect(PatternSet wording) {
            this.wording = wording;
        }
    }

    /** The ends of sentences. */
    private static final Pattern SENTENCE_ENDS = Pattern.compile("[.!?]\\s|[。！？]");

    /**
     * The sentences of a passage, such as the last turns of a dialogue, most of whose words are beside the question.
     */
    private static final int SENTENCES = 3;

    /** The beginning of a turn in a dialogue: a name and a colon, in angle brackets or at the start of a line. */
    private static final Pattern TURN =
            Pattern.compile("(?m)(?:<|^)([\\p{L}][\\p{L}\\p{N} _-]{0,30})(?:>\\s*[:：]|[:：]\\s)");

    /** The name of a speaker who has none. */
    private static final String USER = "user";

    private static final Pattern NO_LETTERS = Pattern.compile("[^\\p{L}\\p{N}]+");

    /** The characters to analyze; a longer query is a text rather than a question. */
    private static final int ANALYZED = 2_000;

    static QueryAnalysis of(String query, LocalDate reference) {
        String head = query.length() > ANALYZED ? query.substring(0, ANALYZED) : query;
        EnumSet<Aspect> aspects = EnumSet.noneOf(Aspect.class);
        for (Aspect aspect : Aspect.values()) {
            if (LanguageRules.matches(aspect.wording, head)) {
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

    /** Tells whether a text mentions a speaker in the query. */
    boolean mentionsAsker(String text) {
        return !askers.isEmpty() && askers.stream().anyMatch(text.toLowerCase(Locale.ROOT)::contains);
    }

    boolean asks(Aspect aspect) {
        return aspects.contains(aspect);
    }

    /** Tells whether it asks for a present state, so that the newest of several values is the answer. */
    boolean asksForState() {
        return !asks(Aspect.HISTORY) && !asks(Aspect.PAST) && !asks(Aspect.OVERVIEW) && !asks(Aspect.METHOD);
    }

    static boolean isPassage(String query) {
        return SENTENCE_ENDS.matcher(query).results().limit(SENTENCES).count() == SENTENCES;
    }

    /**
     * Tells whether it names this speaker, in full or by a short form of at least three letters: "Mel" for Melanie. A
     * function word is not a short form ("the" of Theresa), and a speaker who is just called user has none.
     */
    boolean names(String speaker) {
        return words.stream().anyMatch(word -> isNameOf(word, speaker));
    }

    /** Tells whether a word in lower case is a name of this speaker, or a short form of one. */
    static boolean isNameOf(String word, String speaker) {
        for (String name : NO_LETTERS.split(speaker.toLowerCase(Locale.ROOT))) {
            if (name.length() >= 2 && word.equals(name)
                    || name.length() > 3 && !name.equals(USER) && isShortForm(word, name)) {
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
