package io.memos4j.core.consolidation;

import io.memos4j.api.ItemId;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Role;
import io.memos4j.core.extraction.ChangeReviewer;
import io.memos4j.core.extraction.ChangeReviewer.StatementPair;
import io.memos4j.core.history.ConsolidationMarker;
import io.memos4j.core.index.CubeIndexManager;
import io.memos4j.core.language.AttributeStatement;
import io.memos4j.core.language.SentenceCues;
import io.memos4j.core.language.SubjectDetector;
import io.memos4j.core.language.TextEquality;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.index.DenseQuery;
import io.memos4j.spi.index.LexicalQuery;
import io.memos4j.spi.items.PassageVector;
import io.memos4j.spi.vault.Vault;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Finds the pairs of statements of which the later one may end the earlier one, though no rule says so: the nearest
 * statements of the same speaker, by meaning and by words, if something hints at a change. Thread-safe.
 *
 * <p>The earlier text must be one short sentence, because all of it would be archived.
 */
final class ChangeCandidates {
    /** The statements that are compared. */
    static final Filter STATEMENTS = Filter.and(
            ConsolidationMarker.RECALLED_ORIGINALS,
            Filter.eq("state", ItemState.ACTIVATED.id()),
            Filter.in(
                    "type",
                    List.of(
                            ItemType.MESSAGE.id(),
                            ItemType.NOTE.id(),
                            ItemType.FACT.id(),
                            ItemType.PREFERENCE.id(),
                            ItemType.INSTRUCTION.id())));

    /** The most earlier statements that one statement is compared with. */
    private static final int MOST = 3;

    private static final int NEAREST = 24;
    private static final int LONGEST_NEWER = 600;
    private static final int LONGEST_OLDER = 300;

    /** The least cosine of two statements about the same matter without a common word. */
    private static final double ALIKE = 0.6;

    /** The least cosine of two statements in other words of which none announces a change. */
    private static final double VERY_ALIKE = 0.7;

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final Vault vault;
    private final CubeIndexManager indexes;
    private final CubeRow cube;

    ChangeCandidates(Vault vault, CubeIndexManager indexes, CubeRow cube) {
        this.vault = vault;
        this.indexes = indexes;
        this.cube = cube;
    }

    /**
     * Finds the pairs of a new statement with those inserted before it, nearest first.
     *
     * @param compares accepts the other statements that it is compared with
     */
    List<StatementPair> find(MemoryItem fresh, Predicate<MemoryItem> compares) {
        if (!isStatement(fresh)) {
            return List.of();
        }
        Map<ItemId, Double> likeness = likeness(fresh);
        return vault.read(reader -> reader.items(cube.key(), likeness.keySet())).stream()
                .filter(other -> !other.id().equals(fresh.id()) && isStatement(other) && compares.test(other))
                .map(other -> inOrder(fresh, other))
                .filter(pair -> isUndecided(
                        pair, likeness.getOrDefault(other(pair, fresh).id(), 0.0)))
                .sorted(Comparator.comparingDouble((StatementPair pair) ->
                                -likeness.getOrDefault(other(pair, fresh).id(), 0.0))
                        .thenComparing(pair -> other(pair, fresh).id()))
                .limit(MOST)
                .toList();
    }

    private static MemoryItem other(StatementPair pair, MemoryItem fresh) {
        return pair.newer().id().equals(fresh.id()) ? pair.older() : pair.newer();
    }

    /** Of two statements of the same time, the one inserted later is the newer one. */
    private static StatementPair inOrder(MemoryItem fresh, MemoryItem other) {
        return other.times().occurredAt().isAfter(fresh.times().occurredAt())
                ? new StatementPair(fresh, other)
                : new StatementPair(other, fresh);
    }

    private static boolean isStatement(MemoryItem item) {
        Role role = item.origin().role();
        return (role == Role.USER || role == Role.NONE)
                && item.state() == ItemState.ACTIVATED
                && item.text().length() <= LONGEST_NEWER
                && ChangeReviewer.isHarmless(item.text());
    }

    /** The cosines of the nearest statements; 0 for those near by their words only. */
    private Map<ItemId, Double> likeness(MemoryItem fresh) {
        Map<ItemId, Double> likeness = new HashMap<>();
        Collection<PassageVector> vectors = vault.read(reader -> reader.vectors(cube.key(), List.of(fresh.id())));
        vectors.stream().flatMap(each -> each.vector().stream()).limit(1).forEach(code -> {
            DenseQuery query = new DenseQuery(code, STATEMENTS, NEAREST, TIMEOUT);
            indexes.use(cube, index -> index.dense(query))
                    .candidates()
                    .forEach(each -> likeness.merge(each.item(), (double) each.score(), Math::max));
        });
        LexicalQuery query = new LexicalQuery(fresh.text(), STATEMENTS, NEAREST, TIMEOUT);
        indexes.use(cube, index -> index.lexical(query))
                .candidates()
                .forEach(each -> likeness.merge(each.item(), 0.0, Math::max));
        return likeness;
    }

    private static boolean isUndecided(StatementPair pair, double cosine) {
        MemoryItem older = pair.older();
        MemoryItem newer = pair.newer();
        String speaker = older.origin().speaker();
        if (!speaker.equals(newer.origin().speaker())
                || !older.authorship().principal().equals(newer.authorship().principal())
                || older.origin().role() != newer.origin().role()
                || older.text().length() > LONGEST_OLDER
                || TextEquality.areEqual(older.text(), newer.text())) {
            return false;
        }
        List<SentenceCues> said = SentenceCues.of(older.text(), speaker);
        return said.size() == 1
                && said.getFirst().asserted()
                && SentenceCues.of(newer.text(), speaker).stream()
                        .filter(SentenceCues::asserted)
                        .anyMatch(sentence -> mayEnd(sentence, said.getFirst(), cosine));
    }

    private static boolean mayEnd(SentenceCues sentence, SentenceCues former, double cosine) {
        if (SubjectDetector.isAboutAnother(sentence.text(), former.text(), Set.of())) {
            return false;
        }
        boolean related = cosine >= ALIKE || sentence.topics().stream().anyMatch(former.topics()::contains);
        boolean changes = sentence.changes()
                || sentence.ends()
                || sentence.corrects()
                || sentence.negated() != former.negated()
                || haveSameKey(sentence.statement(), former.statement());
        return related && (changes || cosine >= VERY_ALIKE);
    }

    private static boolean haveSameKey(Optional<AttributeStatement> one, Optional<AttributeStatement> other) {
        return one.isPresent() && one.map(AttributeStatement::key).equals(other.map(AttributeStatement::key));
    }
}
