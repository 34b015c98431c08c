package io.memos4j.core.search;

import io.memos4j.core.language.AssertionDetector;
import io.memos4j.core.language.ContentWords;
import io.memos4j.core.language.LanguageRules;
import io.memos4j.core.language.NumberNormalizer;
import io.memos4j.core.language.PatternSet;
import io.memos4j.core.language.Reliability;
import io.memos4j.core.language.SentenceCues;
import io.memos4j.core.language.SubjectDetector;
import io.memos4j.core.language.TopicWords;
import io.memos4j.core.search.QueryAnalysis.Aspect;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleBiFunction;
import java.util.regex.Pattern;

/**
 * Tells whether of two turns that answer a query, the newer one likely gives the value that holds now: the query asks
 * for a quantity and both give another number for the same matter, or it asks for what holds now and both are about
 * that. This is evidence enough to show the newer turn first, but none that the older one is out of date.
 */
final class LaterValueDetector {
    /** The least cosine of two turns about the same matter. */
    private static final double SAME_MATTER = 0.7;

    /** The most by which the newer turn may be further from the query than the older one. */
    private static final double ABOUT_AS_NEAR = 0.1;

    /** The least share of the asked words in the older turn that the newer one has too. */
    private static final double MOST = 0.6;

    /** The characters of a sentence in which each word counts: "The blue kettle costs 25 euros". */
    private static final int SHORT = 80;

    /** Longer queries are tasks rather than questions: their "current" says little about what they ask for. */
    private static final int LONGEST_QUESTION = 120;

    /** The asked words that two turns about one quantity have in common. */
    private static final int SEVERAL = 2;

    private static final Pattern CLAUSE_END = Pattern.compile("[,;，；](?!\\d)|\\s[–—-]\\s");

    private final boolean asksForQuantity;
    private final boolean asksForCurrent;
    private final Set<String> asked;
    private final Set<String> askedWords;
    private final Set<String> askedNumbers;
    private final Function<RankedItem, String> excerpt;
    private final ToDoubleBiFunction<RankedItem, RankedItem> cosine;

    LaterValueDetector(
            SearchContext search,
            Function<RankedItem, String> excerpt,
            ToDoubleBiFunction<RankedItem, RankedItem> cosine) {
        String query = search.request().query();
        QueryAnalysis analysis = search.analysis();
        this.asksForQuantity = analysis.asks(Aspect.QUANTITY) || analysis.asks(Aspect.WHEN);
        this.asksForCurrent = analysis.asks(Aspect.CURRENT) && query.length() <= LONGEST_QUESTION;
        this.asked = TopicWords.of(query);
        this.askedWords = ContentWords.of(query);
        this.askedNumbers = NumberNormalizer.claimed(query);
        this.excerpt = excerpt;
        this.cosine = cosine;
    }

    /** Returns whether the query asks for a value that may be given again later. */
    boolean applies() {
        return asksForQuantity || asksForCurrent;
    }

    /** Returns whether the newer of two turns of one speaker likely gives the value that holds now. */
    boolean givesLaterValue(RankedItem newer, RankedItem older) {
        double likeness = cosine.applyAsDouble(newer, older);
        boolean near = newer.fused().cosine() >= older.fused().cosine() - ABOUT_AS_NEAR;
        boolean current = asksForCurrent && near && likeness >= SAME_MATTER;
        if (!asksForQuantity && !current || Reliability.assess(newer.item().text()) != Reliability.ASSERTED) {
            return false;
        }
        String speaker = older.item().origin().speaker();
        List<SentenceCues> former = SentenceCues.of(excerpt.apply(older), speaker);
        return SentenceCues.of(excerpt.apply(newer), speaker).stream()
                .filter(sentence -> sentence.topics().stream().anyMatch(asked::contains))
                .anyMatch(sentence -> former.stream()
                        .filter(said -> !isAboutAnother(sentence, said, speaker))
                        .anyMatch(said -> asksForQuantity && givesAnotherNumber(sentence, said)
                                || current && isAboutTheSame(sentence, said)));
    }

    private boolean isAboutAnother(SentenceCues sentence, SentenceCues said, String speaker) {
        return SubjectDetector.isAboutAnother(sentence.text(), said.text(), askedWords)
                || said.statement()
                        .filter(statement -> statement.isRemarkedOnBy(sentence.text(), speaker))
                        .isPresent();
    }

    private boolean givesAnotherNumber(SentenceCues sentence, SentenceCues said) {
        Set<String> common = askedIn(said);
        long all = common.size();
        common.retainAll(sentence.topics());
        boolean terse = sentence.text().length() <= SHORT && !sentence.changes();
        if (common.size() < Math.min(SEVERAL, asked.size())
                || common.size() < MOST * all
                || terse && !askedWordsOf(sentence).containsAll(askedWordsOf(said))
                || lacksDay(sentence, said)) {
            return false;
        }
        Set<String> now = assertedNumbers(sentence);
        Set<String> before = assertedNumbers(said);
        return !now.isEmpty() && !before.isEmpty() && !now.containsAll(before) && !before.containsAll(now);
    }

    private boolean isAboutTheSame(SentenceCues sentence, SentenceCues said) {
        Set<String> common = askedIn(said);
        common.retainAll(sentence.topics());
        return sentence.asserted() && !common.isEmpty() && !lacksDay(sentence, said);
    }

    /** The topic words of the query in a sentence. */
    private Set<String> askedIn(SentenceCues sentence) {
        Set<String> words = new HashSet<>(asked);
        words.retainAll(sentence.topics());
        return words;
    }

    private Set<String> askedWordsOf(SentenceCues sentence) {
        Set<String> words = new HashSet<>(askedWords);
        words.retainAll(ContentWords.of(sentence.text()));
        return words;
    }

    /** Returns whether the query names a day that the older sentence names and the newer one does not. */
    private boolean lacksDay(SentenceCues sentence, SentenceCues said) {
        return askedWords.stream()
                .filter(word -> LanguageRules.matches(PatternSet.DAY_NAME, word))
                .anyMatch(day -> askedWordsOf(said).contains(day)
                        && !askedWordsOf(sentence).contains(day));
    }

    /** The numbers in the clauses of a sentence that assert something, without those of the query. */
    private Set<String> assertedNumbers(SentenceCues sentence) {
        Set<String> numbers = new HashSet<>();
        for (String clause : CLAUSE_END.split(sentence.text())) {
            Set<String> claimed = NumberNormalizer.claimed(clause);
            if (!claimed.isEmpty() && AssertionDetector.isAsserted(clause)) {
                numbers.addAll(claimed);
            }
        }
        numbers.removeAll(askedNumbers);
        return numbers;
    }
}
