package io.memos4j.core.search;

import io.memos4j.api.ItemId;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.core.language.AnswerDetector;
import io.memos4j.core.language.AssertionDetector;
import io.memos4j.core.language.AttributeStatement;
import io.memos4j.core.language.ChangeDetector;
import io.memos4j.core.language.ContentWords;
import io.memos4j.core.language.LanguageRules;
import io.memos4j.core.language.PatternSet;
import io.memos4j.core.language.RestatementDetector;
import io.memos4j.core.language.SentenceCues;
import io.memos4j.core.language.SubjectDetector;
import io.memos4j.core.language.TopicWords;
import io.memos4j.spi.items.SessionNeighbors;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleBiFunction;
import java.util.regex.Pattern;

/**
 * Decides whether one turn updates what an older one says, as far as a query asks for it. Precision comes first: the
 * newer turn must be the same speaker's, be asserted, and be evidence of a change. Explicit evidence contradicts the
 * older turn:
 *
 * <ul>
 *   <li>another value of the same attribute ({@link AttributeStatement}),
 *   <li>the same instruction with another value,
 *   <li>a correction directly after the older turn,
 *   <li>a short answer that denies what the older one says, when asked for it.
 * </ul>
 *
 * <p>Other evidence only puts the newer turn first, since half of such pairs may both be true:
 *
 * <ul>
 *   <li>an elliptic change directly after the older turn,
 *   <li>a sentence that announces a change, answers the query as well as the older turn, and has more in common with it
 *       than its subject,
 *   <li>the same said with the opposite polarity ("I love …", "I can't stand …"),
 *   <li>a sentence that announces the end of what the older one names ("I sold the Mazda"),
 *   <li>a later value of what the query asks for ({@link LaterValueDetector}).
 * </ul>
 */
final class UpdateDetector {
    /** The least cosine of two texts about the same matter, where one announces a change. */
    private static final double SAME_MATTER = 0.5;

    /** The least cosine of two texts about the same matter, and of the newer one and the query, by meaning alone. */
    private static final double VERY_LIKE = 0.65;

    /** The least cosine of two changes of the same subject. */
    private static final double ALIKE = 0.75;

    private static final double NEAR_THE_QUERY = 0.6;

    /** The most by which the newer text may be further from the query than the older one. */
    private static final double ABOUT_AS_NEAR = 0.06;

    /** The least share of common words, in both directions, of two sentences that differ in their polarity. */
    private static final double MUCH = 0.5;

    private static final Pattern NUMBER = Pattern.compile("\\d");

    private final QueryAnalysis analysis;
    private final Set<String> asked;
    private final Set<String> askedWords;
    private final Map<ItemId, SessionNeighbors> neighbors;
    private final Function<ItemId, Optional<MemoryItem>> items;
    private final Function<RankedItem, String> excerpt;
    private final ToDoubleBiFunction<RankedItem, RankedItem> cosine;
    private final LaterValueDetector laterValues;

    /**
     * @param neighbors the turns directly before and after each candidate in its session
     * @param items the candidates and their neighbors
     * @param excerpt the part of an item that answers
     * @param cosine of the best passages of two items; NaN if one has no vector
     */
    UpdateDetector(
            SearchContext search,
            Map<ItemId, SessionNeighbors> neighbors,
            Function<ItemId, Optional<MemoryItem>> items,
            Function<RankedItem, String> excerpt,
            ToDoubleBiFunction<RankedItem, RankedItem> cosine) {
        this.analysis = search.analysis();
        this.asked = TopicWords.of(search.request().query());
        this.askedWords = ContentWords.of(search.request().query());
        this.neighbors = neighbors;
        this.items = items;
        this.excerpt = excerpt;
        this.cosine = cosine;
        this.laterValues = new LaterValueDetector(search, excerpt, cosine);
    }

    /**
     * A newer turn that comes before an older one.
     *
     * @param reason the evidence
     * @param contradicts whether the older turn is to be marked as out of date; else the newer one only comes first
     */
    record Update(String reason, boolean contradicts) {}

    /** Finds the evidence that the newer turn updates the older one; empty if there is none. */
    Optional<Update> findUpdate(RankedItem newer, RankedItem older) {
        if (!saidByTheSame(newer.item(), older.item()) || isPretended(newer)) {
            return Optional.empty();
        }
        boolean corrects = AssertionDetector.corrects(newer.item().text());
        if (isNext(newer, older) && correctsOrContinues(newer.item().text())) {
            return Optional.of(new Update("a correction or change directly after it", corrects));
        }
        if (analysis.asksForState() && isDeniedWhenAsked(newer, older)) {
            return Optional.of(new Update("denied when asked later", true));
        }
        List<Pair> pairs = pairs(newer, older);
        if (pairs.stream().anyMatch(Pair::givesAnotherValue)) {
            return Optional.of(new Update("another value of the same attribute", true));
        }
        if (!analysis.asksForState() && !corrects) {
            return Optional.empty();
        }
        return pairs.stream()
                .flatMap(pair -> judge(pair).stream())
                .findFirst()
                .or(() -> findLaterValue(newer, older))
                .map(reason -> new Update(reason, false));
    }

    private Optional<String> findLaterValue(RankedItem newer, RankedItem older) {
        return laterValues.applies() && analysis.asksForState() && laterValues.givesLaterValue(newer, older)
                ? Optional.of("a later value of what is asked for")
                : Optional.empty();
    }

    /**
     * Returns whether the newer turn is a short answer to a question that names what the older one says of the speaker,
     * and says that it holds no longer: "Are you still in Lyon?" "No, Ghent now."
     */
    private boolean isDeniedWhenAsked(RankedItem newer, RankedItem older) {
        String question = newer.asked();
        if (question.isEmpty()
                || !AnswerDetector.endsWhatIsAsked(question, newer.item().text())) {
            return false;
        }
        return SentenceCues.of(excerpt.apply(older), older.item().origin().speaker()).stream()
                .filter(said -> said.asserted() && said.topics().stream().anyMatch(asked::contains))
                .filter(said -> AnswerDetector.asksAfter(question, said.text()))
                .anyMatch(said -> !SubjectDetector.isAboutAnother(said.text(), question, askedWords));
    }

    private static boolean saidByTheSame(MemoryItem newer, MemoryItem older) {
        return NeighborBoost.isPerson(newer) == NeighborBoost.isPerson(older)
                && newer.origin().role() == older.origin().role()
                && newer.origin().speaker().equals(older.origin().speaker());
    }

    /** Returns whether the newer turn follows the older one in its session, at most one turn of somebody else apart. */
    private boolean isNext(RankedItem newer, RankedItem older) {
        Optional<ItemId> after =
                neighbors.getOrDefault(older.id(), SessionNeighbors.NONE).after();
        Optional<ItemId> before =
                neighbors.getOrDefault(newer.id(), SessionNeighbors.NONE).before();
        return after.filter(newer.id()::equals).isPresent()
                || after.isPresent()
                        && after.equals(before)
                        && after.flatMap(items)
                                .filter(between -> !saidByTheSame(between, older.item()))
                                .isPresent();
    }

    /** Returns whether a turn corrects the one before it, or is a change whose subject stands there. */
    static boolean correctsOrContinues(String text) {
        return ChangeDetector.isElliptic(text) || AssertionDetector.corrects(text);
    }

    /** Returns whether the turn before opens a game, an exercise or a text, or the turn after takes it back. */
    private boolean isPretended(RankedItem found) {
        SessionNeighbors around = neighbors.getOrDefault(found.id(), SessionNeighbors.NONE);
        return around.before()
                        .flatMap(items)
                        .filter(item -> AssertionDetector.opensPretense(item.text()))
                        .isPresent()
                || around.after()
                        .flatMap(items)
                        .filter(item -> AssertionDetector.takesBack(item.text()))
                        .isPresent();
    }

    /** Pairs the asserted sentences of the newer turn with those of the older one that may have the same subject. */
    private List<Pair> pairs(RankedItem newer, RankedItem older) {
        String speaker = older.item().origin().speaker();
        List<SentenceCues> former = SentenceCues.of(excerpt.apply(older), speaker);
        return SentenceCues.of(excerpt.apply(newer), speaker).stream()
                .flatMap(sentence -> former.stream()
                        .map(said -> new Pair(newer, older, sentence, said))
                        .filter(Pair::haveCommonTopics))
                .filter(pair -> pair.sentence.asserted())
                .filter(pair -> !SubjectDetector.isAboutAnother(pair.sentence.text(), pair.former.text(), askedWords))
                .filter(pair -> !pair.isRemark(speaker))
                .toList();
    }

    /** Two sentences of two turns. */
    private record Pair(RankedItem newer, RankedItem older, SentenceCues sentence, SentenceCues former) {
        boolean haveCommonTopics() {
            return sentence.topics().stream().anyMatch(former.topics()::contains);
        }

        boolean isRemark(String speaker) {
            return former.statement()
                    .filter(statement -> statement.isRemarkedOnBy(sentence.text(), speaker))
                    .isPresent();
        }

        /** Returns whether the newer sentence gives an attribute another value, or is an instruction with another. */
        boolean givesAnotherValue() {
            if (sentence.instructs() && former.instructs()) {
                return RestatementDetector.differInOneValue(former.text(), sentence.text());
            }
            return sentence.statement()
                    .filter(statement -> former.statement()
                            .filter(said -> statement.ends(said, sentence.text()))
                            .isPresent())
                    .isPresent();
        }

        boolean sayMuchTheSame() {
            return ContentWords.coverage(sentence.topics(), former.topics()) >= MUCH
                    && ContentWords.coverage(former.topics(), sentence.topics()) >= MUCH;
        }

        boolean nameNumbersOrDays() {
            return namesNumberOrDay(sentence.text()) && namesNumberOrDay(former.text());
        }

        private static boolean namesNumberOrDay(String text) {
            return NUMBER.matcher(text).find() || LanguageRules.matches(PatternSet.DAY_NAME, text);
        }
    }

    private Optional<String> judge(Pair pair) {
        SentenceCues sentence = pair.sentence;
        Set<String> common = new HashSet<>(sentence.topics());
        common.retainAll(pair.former.topics());
        if (common.isEmpty()) {
            return Optional.empty();
        }
        Set<String> matter = new HashSet<>(common);
        matter.removeAll(SubjectDetector.subjectWords(pair.former.text(), sentence.text()));
        long less = countAsked(pair.former.topics()) - countAsked(sentence.topics());
        boolean ended = !matter.isEmpty() && sentence.ends() && less <= 1;
        common.retainAll(asked);
        matter.retainAll(asked);
        boolean opposite = sentence.negated() != pair.former.negated();
        if (!matter.isEmpty() && opposite && (sentence.changes() || pair.sayMuchTheSame())) {
            return Optional.of("said with the opposite meaning later");
        }
        if (!matter.isEmpty() && sentence.corrects()) {
            return Optional.of("a correction of the same matter");
        }
        if (sentence.changes() && !common.isEmpty() && answersTheSame(pair, matter, less)) {
            return Optional.of("a change of the same matter");
        }
        return ended ? Optional.of("said to have ended") : Optional.empty();
    }

    /**
     * Returns whether the newer sentence answers the query as well as the older one: by its words, not only those of
     * the subject, or by its meaning.
     *
     * @param less how many fewer words of the query it has than the older one
     */
    private boolean answersTheSame(Pair pair, Set<String> matter, long less) {
        double likeness = cosine.applyAsDouble(pair.newer, pair.older);
        boolean namesValue = pair.sentence.namesValue();
        boolean answers = less <= 0 || matter.size() >= 2 || less == 1 && namesValue && likeness >= VERY_LIKE;
        if (!matter.isEmpty() && answers && (Double.isNaN(likeness) || likeness >= SAME_MATTER)) {
            return true;
        }
        boolean otherNumber =
                namesValue && pair.nameNumbersOrDays() && (Double.isNaN(likeness) || likeness >= VERY_LIKE);
        if (otherNumber && (!matter.isEmpty() || less <= 0 && isAskedSubject(pair))) {
            return true;
        }
        double nearness = pair.newer.fused().cosine();
        if (nearness < NEAR_THE_QUERY || nearness < pair.older.fused().cosine() - ABOUT_AS_NEAR) {
            return false;
        }
        return namesValue && likeness >= VERY_LIKE || likeness >= ALIKE && isAskedSubject(pair);
    }

    /** Returns whether both sentences have the same subject, and the query names it. */
    private boolean isAskedSubject(Pair pair) {
        return SubjectDetector.commonSubject(pair.sentence.text(), pair.former.text()).stream()
                .anyMatch(asked::contains);
    }

    private long countAsked(Set<String> words) {
        return words.stream().filter(asked::contains).count();
    }
}
