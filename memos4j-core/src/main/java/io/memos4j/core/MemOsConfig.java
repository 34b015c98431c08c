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
 * How to open the memory operating system: {@code MemOsConfig.at(Path.of("data"))}, refined by the {@code with}
 * methods.
 *
 * @param directory where everything lies; made if it is not there
 * @param embedding where vectors come from
 * @param limits the bounds that protect the process
 * @param clock the time of recording
 * @param zone in which dates are rendered and relative dates are read
 * @param reading the language model that reads what was said for facts, events and preferences; none by default
 * @param reranker puts the best hits of a search in order; none by default. Closed with the engine
 * @param omitted stages of search that are left out, for measurements; none by default
 * @param answering the model that answers conversations; none by default
 * @param learning how memories are taught to that model; none by default
 * @param background which tasks run by themselves, and where stable memories are promoted to
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
        Background background) {

    /** A stage of search that can be left out, to measure what it buys. */
    public enum SearchStage {
        /** Turns inherit from their neighbours. */
        CONVERSATION,
        /** Speaker, time, doubt and ratings weigh. */
        RELEVANCE,
        /** A second query by meaning, where all of several is asked for. */
        GATHER,
        /** The newer of two values comes first. */
        SETTLE,
        /** Stretches of conversation answer questions about a course of events. */
        EPISODES,
        /** Instructions, preferences and the profile are always considered. */
        STANDING
    }

    /**
     * How a language model reads what was said.
     *
     * @param model closed with the engine
     * @param tokensPerDay what each cube may spend a day (UTC), failed calls included; at least 1
     * @param callsPerDay how often the model may be called for each cube in a day (UTC), failed calls included; at
     *     least 1
     */
    public record ExtractionConfig(LanguageModel model, long tokensPerDay, int callsPerDay) {
        /** Half a million tokens: some thousand messages. */
        public static final long TOKENS_PER_DAY = 500_000;

        /** More than the tokens of a day allow for, unless messages come one by one. */
        public static final int CALLS_PER_DAY = 2_000;

        /** Any number of calls up to the default, within these tokens. */
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
     * What the scheduler does by itself.
     *
     * @param omitted kinds of tasks that are never asked for and wait if they were; none by default
     * @param targets take memories that are used often and do not change; none by default
     */
    public record Background(Set<TaskKind> omitted, List<PromotionTarget> targets) {
        public static final Background DEFAULT = new Background(Set.of(), List.of());

        public Background {
            omitted = Set.copyOf(omitted);
            targets = List.copyOf(targets);
        }
    }

    /** Where vectors come from. */
    public sealed interface Embedding {
        /** The embedder found on the class path, bge-small-en-v1.5 by default; loaded at the first need. */
        record Bundled() implements Embedding {}

        /** None: search is lexical. */
        record None() implements Embedding {}

        /** The caller's own; closed with the engine. */
        record Custom(Embedder embedder) implements Embedding {}
    }

    /**
     * The bounds that protect the process.
     *
     * @param vaultBytes the vault's largest size on disk
     * @param openIndexes cubes whose index may be open at once; more are closed, least recently used first
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

    /** The bundled embedder, the default limits, the system's clock, UTC, no language model and no reranker. */
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
                Background.DEFAULT);
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

    /** Lets a language model read what was said, within the default budget. */
    public MemOsConfig withModel(LanguageModel model) {
        return withExtraction(new ExtractionConfig(model, ExtractionConfig.TOKENS_PER_DAY));
    }

    public MemOsConfig withExtraction(ExtractionConfig newReading) {
        return with(draft -> draft.reading = Optional.of(newReading));
    }

    public MemOsConfig withReranker(Reranker newReranker) {
        return with(draft -> draft.reranker = Optional.of(newReranker));
    }

    /** Lets a model answer conversations. */
    public MemOsConfig withChat(ChatConfig newAnswering) {
        return with(draft -> draft.answering = Optional.of(newAnswering));
    }

    /** Lets memories be taught to the model that answers. */
    public MemOsConfig withTraining(TrainingConfig newLearning) {
        return with(draft -> draft.learning = Optional.of(newLearning));
    }

    public MemOsConfig withBackground(Background newBackground) {
        return with(draft -> draft.background = newBackground);
    }

    /** Leaves stages of search out. */
    public MemOsConfig without(Set<SearchStage> stages) {
        return with(draft -> draft.omitted = Set.copyOf(stages));
    }

    private MemOsConfig with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.finished();
    }

    /** A configuration of which one component is being replaced. */
    private static final class Draft {
        private final Path directory;
        private Embedding embedding;
        private Limits limits;
        private Clock clock;
        private ZoneId zone;
        private Optional<ExtractionConfig> reading;
        private Optional<Reranker> reranker;
        private Set<SearchStage> omitted;
        private Optional<ChatConfig> answering;
        private Optional<TrainingConfig> learning;
        private Background background;

        Draft(MemOsConfig former) {
            directory = former.directory;
            embedding = former.embedding;
            limits = former.limits;
            clock = former.clock;
            zone = former.zone;
            reading = former.extraction;
            reranker = former.reranker;
            omitted = former.omitted;
            answering = former.chat;
            learning = former.training;
            background = former.background;
        }

        MemOsConfig finished() {
            return new MemOsConfig(
                    directory,
                    embedding,
                    limits,
                    clock,
                    zone,
                    reading,
                    reranker,
                    omitted,
                    answering,
                    learning,
                    background);
        }
    }
}
