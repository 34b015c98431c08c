package io.memos4j.core.search;

import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.core.ingest.InputParser;
import io.memos4j.core.language.LanguageRules;
import io.memos4j.core.language.PatternSet;
import io.memos4j.core.language.QuestionDetector;
import io.memos4j.core.language.TopicWords;
import io.memos4j.core.search.QueryAnalysis.Aspect;
import java.util.HashSet;
import java.util.Set;

/**
 * Weighs what was said by who said it and how: questions answer nothing, system prompts are no evidence, and a speaker
 * is the subject of "I" and "my".
 *
 * <p>A question that adds nothing to the query loses most of its score; one that adds words may tell something ("How do
 * I train my retriever?"), so it loses less the more it adds. A turn that tells something beside its question loses as
 * much as the query's words are in the question alone.
 */
final class EvidenceWeigher {
    /** The largest share of its score that a question loses. */
    private static final double QUESTION_LOSS = 0.8;

    /** The words that a question adds to the query at which it loses half as much. */
    private static final double ADDED_WORDS = 3;

    /** The factor for system prompts and placeholders, which earlier releases stored as others. */
    private static final double TELLS_NOTHING = 0.2;

    /** The factor for turns that ask, where the query asks for questions. */
    private static final double ASKED_FOR = 1.5;

    /**
     * The factor for what a named speaker says of themselves in other words on the matter that is asked for; the
     * query's own words count already.
     */
    private static final double SUBJECT = 1.25;

    /** The factor for texts of others that have no more in common with the query than the speaker's name. */
    private static final double NAME_ALONE = 0.6;

    /** The characters of a text to read; the head of a longer one says what it is about. */
    private static final int READ = 600;

    private final QueryAnalysis analysis;
    private final boolean passage;
    private final Set<String> asked;
    private final Set<String> names;

    /** @param speakers of the texts to weigh */
    EvidenceWeigher(SearchContext search, Set<String> speakers) {
        String query = search.request().query();
        this.analysis = search.analysis();
        this.passage = QueryAnalysis.isPassage(query);
        this.asked = TopicWords.of(query);
        Set<String> named = new HashSet<>();
        speakers.stream()
                .filter(analysis::names)
                .forEach(speaker -> asked.stream()
                        .filter(word -> QueryAnalysis.isNameOf(word, speaker))
                        .forEach(named::add));
        this.names = Set.copyOf(named);
    }

    /** The topic words that the query asks for, without the names of speakers. */
    Set<String> matter() {
        Set<String> matter = new HashSet<>(asked);
        matter.removeAll(names);
        return matter;
    }

    RankedItem weigh(RankedItem found) {
        MemoryItem item = found.item();
        if (InputParser.tellsNothing(item)) {
            return found.multipliedBy(TELLS_NOTHING, "a system prompt or a placeholder");
        }
        boolean turn = item.type() == ItemType.MESSAGE && item.text().length() <= READ;
        RankedItem weighed = turn && !passage ? weighQuestion(found) : found;
        return names.isEmpty() || matter().isEmpty() ? weighed : weighSubject(weighed);
    }

    private RankedItem weighQuestion(RankedItem found) {
        String text = found.item().text();
        if (analysis.asks(Aspect.QUESTIONS)) {
            return QuestionDetector.asks(text)
                    ? found.multipliedBy(ASKED_FOR, "a question, which the query asks for")
                    : found;
        }
        double loss = questionLoss(text);
        return loss > 0 ? found.multipliedBy(1 - loss, "asks rather than tells") : found;
    }

    /** The share of its score that a turn loses because its questions match the query. */
    private double questionLoss(String text) {
        String told = QuestionDetector.withoutQuestions(text);
        if (told.length() == text.length()) {
            return 0;
        }
        Set<String> words = TopicWords.of(text);
        long common = countAsked(words);
        if (common == 0 && !told.isBlank()) {
            return 0;
        }
        double inQuestions = common == 0 ? 1 : 1 - (double) countAsked(TopicWords.of(told)) / common;
        long added = words.size() - common;
        return QUESTION_LOSS * Math.max(0, inQuestions) / (1 + added / ADDED_WORDS);
    }

    private long countAsked(Set<String> words) {
        return words.stream().filter(asked::contains).count();
    }

    private RankedItem weighSubject(RankedItem found) {
        MemoryItem item = found.item();
        String text = item.text().substring(0, Math.min(READ, item.text().length()));
        Set<String> common = new HashSet<>(TopicWords.of(text));
        common.retainAll(asked);
        boolean onTheMatter = !names.containsAll(common);
        if (analysis.names(item.origin().speaker())) {
            boolean ofThemselves = LanguageRules.matches(PatternSet.SELF_MENTION, text);
            return ofThemselves && common.stream().anyMatch(TopicWords::isConcept)
                    ? found.multipliedBy(SUBJECT, "tells of the speaker whom the query names")
                    : found;
        }
        return common.isEmpty() || onTheMatter
                ? found
                : found.multipliedBy(NAME_ALONE, "has only the speaker's name in common with the query");
    }
}
