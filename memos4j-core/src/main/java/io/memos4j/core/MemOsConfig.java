package io.memos4j.core;

import io.memos4j.api.MemoryException;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.spi.kvcache.PromotionTarget;
import io.memos4j.spi.models.Embedder;
import io.memos4j.spi.models.LanguageModel;
import io.memos4j.spi.models.Reranker;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The configuration of an engine: {@code MemOsConfig.at(Path.of("data"))}, refined by the {@code with} methods.
 * Immutable.
 *
 * @param directory the data directory; created if needed
 * @param embedding the source of vectors
 * @param limits bounds that protect the process
 * @param clock the source of recorded times
 * @param zone the time zone in which dates are rendered and relative dates are read
 * @param extraction the language model that extracts facts, events and preferences from messages; none by default
 * @param reranker reorders the best hits of a search; none by default. Closed with the engine
 * @param omitted stages of search to leave out, for measurements; none by default
 * @param chat the model that answers conversations; none by default
 * @param training training of that model on memories; none by default
 * @param background the tasks that run by themselves, and the targets of promotion
 * @param auditKey the file of the key that signs the audit log; {@code audit.key} in the data directory by default
 */
public record MemOsConfig(
        Path directory,
        Embedding embedding,
        Limits limits,
        Clock clock,
        ZoneId zone,
        Optional<ExtractionConfig> extraction,
        Optional<Reranker> reranker,
        Set<SearchStage> omitted,
        Optional<ChatConfig> chat,
        Optional<TrainingConfig> training,
        Background background,
        Optional<Path> auditKey) {

    /** A stage of search that can be left out to measure its effect. */
    public enum SearchStage {
        /** Turns take over relevance from their neighbors. */
        CONVERSATION,
        /** Speaker, time, reliability and ratings weigh in. */
        RELEVANCE,
        /** A second query by meaning runs if a question asks for all of several things. */
        GATHER,
        /** The newer of two values of an attribute comes first. */
        SETTLE,
        /** Spans of conversation answer questions about a course of events. */
        EPISODES,
        /** Instructions, preferences and the profile are always considered. */
        STANDING
    }

    /**
     * The language model for extraction and its budget.
     *
     * @param model closed with the engine
     * @param tokensPerDay tokens that each cube may spend a day (UTC), failed calls included; at least 1
     * @param callsPerDay calls that each cube may make a day (UTC), failed calls included; at least 1
     */
    public record ExtractionConfig(LanguageModel model, long tokensPerDay, int callsPerDay) {
        /** Half a million tokens: some thousand messages. */
        public static final long TOKENS_PER_DAY = 500_000;

        /** More than a day of tokens allows for, unless messages come one by one. */
        public static final int CALLS_PER_DAY = 2_000;

        /** The default number of calls, within these tokens. */
        public ExtractionConfig(LanguageModel model, long tokensPerDay) {
            this(model, tokensPerDay, CALLS_PER_DAY);
        }

        public ExtractionConfig {
            if (tokensPerDay < 1) {
                throw MemoryException.invalid("tokensPerDay must be at least 1 (was " + tokensPerDay + ").");
            }
            if (callsPerDay < 1) {
                throw MemoryException.invalid("callsPerDay must be at least 1 (was " + callsPerDay + ").");
            }
        }
    }

    /**
     * The background work of an engine.
     *
     * @param omitted kinds of tasks that are never enqueued, and wait if they are; none by default
     * @param targets receive memories that are often used and stable; none by default
     */
    public record Background(Set<TaskKind> omitted, List<PromotionTarget> targets) {
        public static final Background DEFAULT = new Background(Set.of(), List.of());

        public Background {
            omitted = Set.copyOf(omitted);
            targets = List.copyOf(targets);
        }
    }

    /** The source of vectors. */
    public sealed interface Embedding {
        /** The embedder on the class path, by default bge-small-en-v1.5; loaded on first use. */
        record Bundled() implements Embedding {}

        /** No embedder: search is lexical. */
        record None() implements Embedding {}

        /** The caller's own embedder; closed with the engine. */
        record Custom(Embedder embedder) implements Embedding {}
    }

    /**
     * Bounds that protect the process.
     *
     * @param vaultBytes the largest size of the vault on disk
     * @param openIndexes cubes whose index may be open at once; beyond that, the least recently used are closed
     * @param batchInputs inputs in one add
     * @param textChars UTF-16 units in one message or note
     * @param documentBytes bytes of one document
     */
    public record Limits(long vaultBytes, int openIndexes, int batchInputs, int textChars, int documentBytes) {
        /** No bound on disk, 64 open indexes, 100,000 inputs a batch, 16 Mi characters a text, 64 MiB a document. */
        public static final Limits DEFAULT = new Limits(Long.MAX_VALUE, 64, 100_000, 16 << 20, 64 << 20);

        public Limits {
            if (vaultBytes < 1 || openIndexes < 1 || batchInputs < 1 || textChars < 1 || documentBytes < 1) {
                throw MemoryException.invalid("Every limit must be at least 1.");
            }
        }

        public Limits withVaultBytes(long bytes) {
            return new Limits(bytes, openIndexes, batchInputs, textChars, documentBytes);
        }

        public Limits withOpenIndexes(int count) {
            return new Limits(vaultBytes, count, batchInputs, textChars, documentBytes);
        }
    }

    /** Returns a configuration with the bundled embedder, default limits, the system clock, UTC, and no models. */
    public static MemOsConfig at(Path directory) {
        return new MemOsConfig(
                directory,
                new Embedding.Bundled(),
                Limits.DEFAULT,
                Clock.systemUTC(),
                ZoneOffset.UTC,
                Optional.empty(),
                Optional.empty(),
                Set.of(),
                Optional.empty(),
                Optional.empty(),
                Background.DEFAULT,
                Optional.empty());
    }

    public MemOsConfig withEmbedder(Embedder embedder) {
        return with(draft -> draft.embedding = new Embedding.Custom(embedder));
    }

    public MemOsConfig withoutEmbedder() {
        return with(draft -> draft.embedding = new Embedding.None());
    }

    public MemOsConfig withLimits(Limits newLimits) {
        return with(draft -> draft.limits = newLimits);
    }

    public MemOsConfig withClock(Clock newClock) {
        return with(draft -> draft.clock = newClock);
    }

    public MemOsConfig withZone(ZoneId newZone) {
        return with(draft -> draft.zone = newZone);
    }

    /** Extracts memories with a language model, within the default budget. */
    public MemOsConfig withModel(LanguageModel model) {
        return withExtraction(new ExtractionConfig(model, ExtractionConfig.TOKENS_PER_DAY));
    }

    public MemOsConfig withExtraction(ExtractionConfig newExtraction) {
        return with(draft -> draft.extraction = Optional.of(newExtraction));
    }

    public MemOsConfig withReranker(Reranker newReranker) {
        return with(draft -> draft.reranker = Optional.of(newReranker));
    }

    /** Answers conversations with a model. */
    public MemOsConfig withChat(ChatConfig newChat) {
        return with(draft -> draft.chat = Optional.of(newChat));
    }

    /** Trains the model that answers on memories. */
    public MemOsConfig withTraining(TrainingConfig newTraining) {
        return with(draft -> draft.training = Optional.of(newTraining));
    }

    public MemOsConfig withBackground(Background newBackground) {
        return with(draft -> draft.background = newBackground);
    }

    /** Signs the audit log with the key of this file, which is created if it is missing. */
    public MemOsConfig withAuditKey(Path file) {
        return with(draft -> draft.auditKey = Optional.of(file));
    }

    /** Leaves out stages of search. */
    public MemOsConfig without(Set<SearchStage> stages) {
        return with(draft -> draft.omitted = Set.copyOf(stages));
    }

    private MemOsConfig with(Consumer<Builder> change) {
        Builder draft = new Builder(this);
        change.accept(draft);
        return draft.build();
    }

    /** A configuration of which one component is being replaced. */
    private static final class Builder {
        private final Path directory;
        private Embedding embedding;
        private Limits limits;
        private Clock clock;
        private ZoneId zone;
        private Optional<ExtractionConfig> extraction;
        private Optional<Reranker> reranker;
        private Set<SearchStage> omitted;
        private Optional<ChatConfig> chat;
        private Optional<TrainingConfig> training;
        private Background background;
        private Optional<Path> auditKey;

        Builder(MemOsConfig former) {
            directory = former.directory;
            embedding = former.embedding;
            limits = former.limits;
            clock = former.clock;
            zone = former.zone;
            extraction = former.extraction;
            reranker = former.reranker;
            omitted = former.omitted;
            chat = former.chat;
            training = former.training;
            background = former.background;
            auditKey = former.auditKey;
        }

        MemOsConfig build() {
            return new MemOsConfig(
                    directory,
                    embedding,
                    limits,
                    clock,
                    zone,
                    extraction,
                    reranker,
                    omitted,
                    chat,
                    training,
                    background,
                    auditKey);
        }
    }
}
