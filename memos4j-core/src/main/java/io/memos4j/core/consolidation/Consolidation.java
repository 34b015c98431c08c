package io.memos4j.core.consolidation;

import io.memos4j.api.tasks.TaskKind;
import io.memos4j.core.embedding.VectorSpace;
import io.memos4j.core.history.Supersession;
import io.memos4j.core.index.CubeIndexManager;
import io.memos4j.core.ingest.InputParser;
import io.memos4j.core.tasks.TaskHandler;
import io.memos4j.spi.vault.Vault;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;

/** The tasks that keep a cube in order, by kind; what a scheduler runs. */
public final class Consolidation {
    private Consolidation() {}

    /**
     * What the tasks work with.
     *
     * @param vectors how texts became vectors, if they do
     * @param successions lets one memory take the place of another
     * @param zone of the days that summaries name
     * @param telling the language model that tells the summaries of sessions, if there is one
     */
    public record Parts(
            Vault vault,
            CubeIndexManager indexes,
            Optional<VectorSpace> vectors,
            InputParser reader,
            Supersession successions,
            InstantSource clock,
            ZoneId zone,
            Optional<SummarizeTask.SummaryModel> telling) {}

    /** One handler for each kind that needs nothing but these parts. */
    public static Map<TaskKind, TaskHandler> handlers(Parts parts) {
        return Map.of(
                TaskKind.LINK,
                new LinkTask(parts.vault, parts.indexes, parts.vectors, parts.clock),
                TaskKind.MERGE,
                new DuplicateMergeTask(parts.vault, parts.indexes, parts.successions, parts.zone),
                TaskKind.RECONCILE,
                new ReconcileTask(parts.vault, parts.successions),
                TaskKind.SUMMARIZE,
                new SummarizeTask(parts.vault, parts.reader, parts.zone, parts.telling),
                TaskKind.PROFILE,
                new ProfileTask(parts.vault, parts.reader));
    }
}
