package io.memos4j.core.consolidation;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.history.ChangeReason;
import io.memos4j.api.history.SupersessionRecord;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.core.embedding.VectorSpace;
import io.memos4j.core.extraction.ChangeReviewer;
import io.memos4j.core.extraction.ChangeReviewer.ChangeDecision;
import io.memos4j.core.extraction.ChangeReviewer.ChangeReview;
import io.memos4j.core.extraction.ChangeReviewer.StatementPair;
import io.memos4j.core.extraction.ModelUsage;
import io.memos4j.core.history.Supersession;
import io.memos4j.core.index.CubeIndexManager;
import io.memos4j.core.privacy.Redactor;
import io.memos4j.core.tasks.ModelBudget;
import io.memos4j.core.tasks.TaskHandler;
import io.memos4j.core.tasks.TaskOutcome;
import io.memos4j.core.tasks.TaskRun;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.items.InsertedItem;
import io.memos4j.spi.models.LanguageModel;
import io.memos4j.spi.vault.Vault;
import io.memos4j.spi.vault.VaultReader;
import io.memos4j.spi.vault.VaultWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Puts changes that no rule decides to a language model: pairs of a new statement and its nearest earlier ones, a batch
 * in one call. What the model decides is applied together with the mark that the statements were reviewed, so each pair
 * is asked once. A former statement is archived as by a rule and can be reinstated; one that a user has reinstated is
 * not proposed again. Thread-safe.
 *
 * <p>A batch whose answers are of no use three times is passed over. The day's budget is shared with extraction.
 */
public final class ChangeReviewTask implements TaskHandler {
    /** The most pairs of one call. */
    private static final int MAX_PAIRS = 16;

    /** The most calls of one run, so that cubes take turns. */
    private static final int MAX_CALLS = 4;

    /** New statements per slice, and slices per run. */
    private static final int SLICE = 20;

    private static final int SLICES = 40;

    /** The new statements that are known to be compared later. */
    private static final int BACKLOG = 1_000;

    private static final int MAX_ATTEMPTS = 3;

    /** The refused answers that a note lists. */
    private static final int SHOWN = 3;

    /** The pause while vectors are pending. */
    private static final Duration PAUSE = Duration.ofSeconds(5);

    private final Vault vault;
    private final CubeIndexManager indexes;
    private final Optional<VectorSpace> vectors;
    private final Supersession supersession;
    private final ReviewModel model;

    /**
     * The language model that decides.
     *
     * @param budget shared by all tasks
     * @param zone the zone of the dates that it is shown
     */
    public record ReviewModel(LanguageModel model, ModelBudget budget, ZoneId zone) {}

    /** @param vectors if absent, the nearest statements are those by words */
    public ChangeReviewTask(
            Vault vault,
            CubeIndexManager indexes,
            Optional<VectorSpace> vectors,
            Supersession supersession,
            ReviewModel model) {
        this.vault = vault;
        this.indexes = indexes;
        this.vectors = vectors;
        this.supersession = supersession;
        this.model = model;
    }

    /**
     * Statements whose pairs are put to the model together.
     *
     * @param last the place of the last one
     */
    private record Batch(List<StatementPair> pairs, long last) {}

    /** The outcome of the calls of one run. */
    private static final class Totals {
        private int calls;
        private int pairs;
        private int archived;
        private int changedMeanwhile;
        private final List<String> refusals = new ArrayList<>();

        String describe() {
            if (calls == 0) {
                return "no undecided changes";
            }
            String note = pairs + " pairs reviewed, " + archived + " former statements archived";
            note += changedMeanwhile > 0 ? ", " + changedMeanwhile + " changed meanwhile" : "";
            return refusals.isEmpty()
                    ? note
                    : note + ", refused: "
                            + String.join("; ", refusals.stream().limit(SHOWN).toList());
        }
    }

    @Override
    public TaskOutcome run(TaskRun run) {
        CubeRow cube = run.cube();
        boolean embeds =
                vectors.filter(space -> space.id().equals(cube.embedder())).isPresent();
        Totals totals = new Totals();
        for (int slice = 0; slice < SLICES && totals.calls < MAX_CALLS; slice++) {
            List<InsertedItem> backlog = vault.read(
                    reader -> reader.itemsAfterMark(cube.key(), TaskKind.REVIEW, ChangeCandidates.STATEMENTS, BACKLOG));
            if (backlog.isEmpty()) {
                return TaskOutcome.done(totals.describe());
            }
            if (embeds && vault.read(reader -> reader.hasPending(cube.key()))) {
                return TaskOutcome.wait(model.budget.now().plus(PAUSE), "waiting for vectors; " + totals.describe());
            }
            Batch batch = collect(run, backlog);
            Optional<Instant> spent = batch.pairs.isEmpty()
                    ? Optional.empty()
                    : vault.read(reader -> model.budget.exhaustedUntil(reader, cube.key()));
            if (spent.isPresent()) {
                return TaskOutcome.wait(
                        spent.get(), "the day's budget for language models is spent; " + totals.describe());
            }
            review(run, batch, totals);
        }
        return TaskOutcome.more(totals.describe());
    }

    /** Collects the pairs of the first statements, as many as one call takes. */
    private Batch collect(TaskRun run, List<InsertedItem> backlog) {
        ChangeCandidates candidates = new ChangeCandidates(vault, indexes, run.cube());
        Set<ItemId> later = new HashSet<>();
        backlog.forEach(each -> later.add(each.item().id()));
        ItemId lastKnown = backlog.getLast().item().id();
        boolean all = backlog.size() < BACKLOG;
        List<StatementPair> pairs = new ArrayList<>();
        long last = 0;
        for (InsertedItem each : backlog.subList(0, Math.min(SLICE, backlog.size()))) {
            run.check();
            later.remove(each.item().id());
            List<StatementPair> found = candidates.find(
                    each.item(),
                    other -> !later.contains(other.id()) && (all || other.id().compareTo(lastKnown) <= 0));
            if (pairs.size() + found.size() > MAX_PAIRS) {
                break;
            }
            found.stream()
                    .filter(pair ->
                            vault.read(reader -> isOpen(reader, run.cube().key(), pair)))
                    .forEach(pairs::add);
            last = each.ordinal();
        }
        return new Batch(pairs, last);
    }

    private void review(TaskRun run, Batch batch, Totals totals) {
        CubeKey cube = run.cube().key();
        List<ModelUsage> usage = new ArrayList<>();
        Optional<ChangeReview> review = batch.pairs.isEmpty() ? Optional.empty() : ask(run, batch, usage, totals);
        int archived = run.commit(writer -> {
            model.budget.recordSpending(writer, cube, ModelUsage.sum(usage));
            writer.setMark(cube, TaskKind.REVIEW, batch.last);
            return review.map(each -> apply(writer, cube, each.changes())).orElse(0);
        });
        totals.archived += archived;
        review.ifPresent(each -> {
            totals.changedMeanwhile += each.changes().size() - archived;
            totals.refusals.addAll(each.refusals());
            indexes.catchUpIfOpen(run.cube());
        });
    }

    private static List<StatementPair> redacted(CubeRow cube, List<StatementPair> pairs) {
        Redactor prompts = Redactor.forPrompts(cube.privacy());
        return pairs.stream()
                .map(pair -> new StatementPair(prompts.redact(pair.older()), prompts.redact(pair.newer())))
                .toList();
    }

    /** Asks the model; empty if it failed too often, so that the batch is passed over. */
    private Optional<ChangeReview> ask(TaskRun run, Batch batch, List<ModelUsage> usage, Totals totals) {
        totals.calls++;
        totals.pairs += batch.pairs.size();
        try {
            return Optional.of(run.runInterruptibly(() ->
                    new ChangeReviewer(model.model, model.zone, usage::add).review(redacted(run.cube(), batch.pairs))));
        } catch (MemoryException e) {
            if (e.code() == ErrorCode.MODEL_FAILED && run.task().attempts() >= MAX_ATTEMPTS) {
                totals.refusals.add(batch.pairs.size() + " pairs passed over: " + e.getMessage());
                return Optional.empty();
            }
            run.commit(writer -> {
                model.budget.recordSpending(writer, run.cube().key(), ModelUsage.sum(usage));
                return true;
            });
            throw e;
        }
    }

    private int apply(VaultWriter writer, CubeKey cube, List<ChangeDecision> changes) {
        int archived = 0;
        for (ChangeDecision change : changes.stream()
                .sorted(Comparator.comparing(each -> each.pair().newer().times().occurredAt()))
                .toList()) {
            if (isOpen(writer, cube, change.pair())) {
                MemoryItem newer = change.pair().newer();
                supersession.retire(
                        writer,
                        cube,
                        change.pair().older(),
                        new SupersessionRecord(
                                change.pair().older().id(),
                                newer.id(),
                                reason(change),
                                newer.times().occurredAt()),
                        ChangeReason.of("model:" + model.model.id(), change.confidence()));
                archived++;
            }
        }
        return archived;
    }

    private String reason(ChangeDecision change) {
        return String.format(
                Locale.ROOT,
                "model:%s: %s; evidence \"%s\"",
                model.model.id(),
                change.verdict().id(),
                change.quote());
    }

    /** Returns whether both statements are as they were read, and no user has reinstated the older one. */
    private static boolean isOpen(VaultReader reader, CubeKey cube, StatementPair pair) {
        return isUnchanged(reader, cube, pair.older())
                && isUnchanged(reader, cube, pair.newer())
                && !ReconcileTask.wasReinstated(reader, cube, pair.older().id());
    }

    private static boolean isUnchanged(VaultReader reader, CubeKey cube, MemoryItem read) {
        return reader.findItem(cube, read.id())
                .filter(item -> item.state() == ItemState.ACTIVATED && item.version() == read.version())
                .isPresent();
    }
}
