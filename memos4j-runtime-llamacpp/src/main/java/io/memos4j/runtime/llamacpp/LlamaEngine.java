package io.memos4j.runtime.llamacpp;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.spi.runtime.ActivationOptions;
import io.memos4j.spi.runtime.GenerationOptions.Sampling;
import io.memos4j.spi.runtime.KvCacheType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

/**
 * A model and its context: sequences of tokens whose keys and values share one cache.
 *
 * <p>Lives on its {@link EngineThread}: everything here is called there, and the arena of long-lived memory is confined
 * to it, so that Java itself refuses other threads. Callers have checked tokens, sequences and lengths.
 *
 * <p>The cache is a row of cells. A batch needs contiguous free cells; after sequences came and went there may be
 * enough cells but no such run. Then the cache is defragmented, and if that is not enough the batch is split into
 * halves.
 */
final class LlamaEngine {
    /** Tokens in one step; {@code llama_decode} then processes all of them or none. */
    static final int BATCH = 512;

    private static final int ATTEMPTS = 3;

    /** llama.cpp's message when it has enough cells, but not contiguous ones. */
    private static final String NO_STRETCH = "available cells";

    private static final int F16 = 1;
    private static final int Q4_0 = 2;
    private static final int Q8_0 = 8;

    private final LlamaBindings llama;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment model;
    private final MemorySegment context;
    private final TokenBatch batch;
    private final Set<MemorySegment> samplers = new HashSet<>();
    private final KvCacheGuard cache;
    final LlamaVocabulary vocabulary;
    final LlamaChatTemplate template;
    final EngineAdapters adapters;
    final int cells;

    /** Loads the model; frees everything if that fails. */
    LlamaEngine(LlamaBindings llama, ActivationOptions options) {
        this.llama = llama;
        MemorySegment loaded = MemorySegment.NULL;
        try {
            loaded = loadModel(options);
            this.model = loaded;
            this.context = initContext(options);
        } catch (RuntimeException e) {
            freeModel(loaded);
            arena.close();
            throw e;
        }
        this.batch = new TokenBatch(arena);
        this.cache = new KvCacheGuard(llama, context, options.handles());
        this.adapters = new EngineAdapters(llama, model, context);
        this.vocabulary = new LlamaVocabulary(
                llama, LlamaBindings.call(() -> (MemorySegment) llama.models.vocabulary.invokeExact(model)));
        this.template = new LlamaChatTemplate(llama, model, vocabulary, arena);
        this.cells = LlamaBindings.call(() -> (int) llama.contexts.size.invokeExact(context));
    }

    private MemorySegment loadModel(ActivationOptions options) {
        try (Arena local = Arena.ofConfined()) {
            MemorySegment parameters = llama.modelDefaults(local);
            MemorySegment path = local.allocateFrom(options.model().toString());
            MemorySegment loaded =
                    LlamaBindings.call(() -> (MemorySegment) llama.models.load.invokeExact(path, parameters));
            if (loaded.equals(MemorySegment.NULL)) {
                throw new MemoryException(
                        ErrorCode.MODEL_UNREADABLE,
                        "llama.cpp cannot load " + options.model() + "." + llama.log.complaints());
            }
            boolean causal = LlamaBindings.call(() -> !(boolean) llama.models.hasEncoder.invokeExact(loaded)
                    && !(boolean) llama.models.isRecurrent.invokeExact(loaded));
            if (!causal) {
                freeModel(loaded);
                throw new MemoryException(
                        ErrorCode.MODEL_UNREADABLE,
                        "The model " + options.model()
                                + " has an encoder or is recurrent. Only models that keep keys and"
                                + " values of each token can be used here.");
            }
            return loaded;
        }
    }

    private MemorySegment initContext(ActivationOptions options) {
        try (Arena local = Arena.ofConfined()) {
            MemorySegment parameters = llama.contextDefaults(local);
            setInt(parameters, "n_ctx", options.contextTokens());
            setInt(parameters, "n_batch", BATCH);
            setInt(parameters, "n_ubatch", BATCH);
            setInt(parameters, "n_seq_max", options.handles());
            setInt(parameters, "n_threads", options.threads());
            setInt(parameters, "n_threads_batch", options.threads());
            setInt(parameters, "type_k", number(options.caches().keys()));
            setInt(parameters, "type_v", number(options.caches().values()));
            parameters.set(
                    JAVA_BOOLEAN,
                    LlamaAbi.offset(LlamaAbi.CONTEXT, "flash_attn"),
                    options.caches().values() != KvCacheType.F16);
            MemorySegment made =
                    LlamaBindings.call(() -> (MemorySegment) llama.contexts.init.invokeExact(model, parameters));
            if (made.equals(MemorySegment.NULL)) {
                throw failed("There is no context of " + options.contextTokens() + " tokens for " + options.model()
                        + "; memory may be too short.");
            }
            return made;
        }
    }

    private static void setInt(MemorySegment parameters, String field, int value) {
        parameters.set(JAVA_INT, LlamaAbi.offset(LlamaAbi.CONTEXT, field), value);
    }

    /** The number of a type in {@code ggml.h}. */
    static int number(KvCacheType type) {
        return switch (type) {
            case F16 -> F16;
            case Q8_0 -> Q8_0;
            case Q4_0 -> Q4_0;
        };
    }

    private void freeModel(MemorySegment loaded) {
        if (!loaded.equals(MemorySegment.NULL)) {
            LlamaBindings.call(() -> {
                llama.models.free.invokeExact(loaded);
                return true;
            });
        }
    }

    /** Frees everything. The last call. */
    void free() {
        List.copyOf(samplers).forEach(this::freeSampler);
        adapters.free();
        LlamaBindings.call(() -> {
            llama.contexts.free.invokeExact(context);
            return true;
        });
        freeModel(model);
        arena.close();
    }

    int usedCells() {
        return LlamaBindings.call(() -> (int) llama.contexts.usedCells.invokeExact(context));
    }

    /** Refuses tokens that do not fit. */
    void require(int tokens) {
        int free = cells - usedCells();
        if (tokens > free) {
            throw full(tokens + " more tokens do not fit: " + free + " of " + cells + " are free.");
        }
    }

    /**
     * A part of a sequence, at most {@value #BATCH} tokens; the tokens before it are computed.
     *
     * @param prefix the whole sequence
     */
    record TokenRange(int sequence, TokenPrefix prefix, int from, int to) {
        int length() {
            return to - from;
        }

        TokenRange part(int newFrom, int newTo) {
            return new TokenRange(sequence, prefix, newFrom, newTo);
        }
    }

    /** Computes a part of a sequence with its adapters. If the result is not finite, nothing of it remains. */
    void decode(TokenRange stretch) {
        cache.requireSound(stretch.sequence);
        adapters.apply(stretch.prefix.mix());
        batch.fill(stretch);
        int outcome = decode();
        if (isNoSlot(outcome)) {
            defragment();
            outcome = decode();
        }
        if (isNoSlot(outcome) && stretch.length() > 1) {
            int middle = (stretch.from + stretch.to) >>> 1;
            decode(stretch.part(stretch.from, middle));
            decode(stretch.part(middle, stretch.to));
        } else if (outcome != 0) {
            require(stretch.length());
            throw failed("Computing tokens " + stretch.from + " to " + stretch.to + " ended with " + outcome + ".");
        } else if (!isFinite()) {
            decodeClean(stretch);
        }
    }

    /**
     * Tells whether the logits of the last token are finite. They depend on all cells of its sequence, and on those of
     * others through a mask.
     */
    private boolean isFinite() {
        MemorySegment logits = lastLogits();
        for (int i = 0; i < vocabulary.size; i++) {
            if (!Float.isFinite(logits.getAtIndex(JAVA_FLOAT, i))) {
                return false;
            }
        }
        return true;
    }

    /** Tries once more with a clean cache: the non-finite numbers may have come from cells of others. */
    private void decodeClean(TokenRange stretch) {
        rollBack(stretch);
        cache.requireSound(stretch.sequence);
        batch.fill(stretch);
        if (decode() == 0) {
            if (isFinite()) {
                return;
            }
            rollBack(stretch);
        }
        throw failed("What the model computes for tokens " + stretch.from + " to " + stretch.to + " is not finite. "
                + (stretch.prefix.mix().isNone()
                        ? "Its file is damaged; download it again."
                        : "Its adapters are too strong; use a smaller scale, or train them again."));
    }

    private void rollBack(TokenRange stretch) {
        truncate(stretch.sequence, stretch.from);
        cache.clean();
    }

    /** Tells whether no cells were found: the header documents 1, build 4916 returns -3. */
    private static boolean isNoSlot(int outcome) {
        return outcome == 1 || outcome == -3;
    }

    private int decode() {
        return LlamaBindings.call(() -> (int) llama.contexts.decode.invokeExact(context, batch.struct));
    }

    private void defragment() {
        LlamaBindings.call(() -> {
            llama.contexts.defragment.invokeExact(context);
            llama.contexts.update.invokeExact(context);
            return true;
        });
    }

    /** Cuts a sequence to {@code length} tokens. */
    void truncate(int sequence, int length) {
        if (length == 0) {
            cache.begin(sequence);
        }
        boolean done = LlamaBindings.call(
                () -> (boolean) llama.contexts.sequenceRemove.invokeExact(context, sequence, length, -1));
        if (!done) {
            throw failed("Sequence " + sequence + " cannot be cut at " + length + ".");
        }
    }

    /** Makes the empty sequence {@code target} share all of {@code source}. */
    void share(int source, int target) {
        cache.requireSound(source);
        LlamaBindings.call(() -> {
            llama.contexts.sequenceCopy.invokeExact(context, source, target, -1, -1);
            return true;
        });
    }

    /** Copies the cache of a sequence into memory of {@code memory}. */
    MemorySegment state(int sequence, Arena memory) {
        cache.requireSound(sequence);
        return cache.state(sequence, memory);
    }

    /** Restores a cache of {@code length} tokens, which {@link #state} has returned, into an empty sequence. */
    void restore(int sequence, int length, MemorySegment state) {
        require(length);
        int before = usedCells();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            if (accept(sequence, state)) {
                requireRestored(sequence, length, usedCells() - before);
                return;
            }
            defragment();
        }
        String complaints = llama.log.complaints();
        if (complaints.contains(NO_STRETCH)) {
            throw full("There is no contiguous run of " + length + " free tokens.");
        }
        throw new MemoryException(
                ErrorCode.ACTIVATION_CORRUPT, "The saved state is not one that this engine accepts." + complaints);
    }

    private void requireRestored(int sequence, int expected, int actual) {
        if (actual != expected) {
            truncate(sequence, 0);
            throw new MemoryException(
                    ErrorCode.ACTIVATION_CORRUPT,
                    "The saved state has " + actual + " tokens, its manifest says " + expected + ".");
        }
    }

    private boolean accept(int sequence, MemorySegment state) {
        long size = state.byteSize();
        return size
                == LlamaBindings.call(() -> (long) llama.contexts.stateSet.invokeExact(context, state, size, sequence));
    }

    /** Creates a sampler chain; {@link #freeSampler} frees it, or at the latest {@link #free}. */
    MemorySegment sampler(Sampling sampling) {
        try (Arena local = Arena.ofConfined()) {
            MemorySegment parameters = local.allocate(LlamaAbi.SAMPLER_CHAIN);
            parameters.set(JAVA_BYTE, 0, (byte) 1);
            return LlamaBindings.call(() -> {
                MemorySegment chain = (MemorySegment) llama.samplers.chain.invokeExact(parameters);
                samplers.add(chain);
                if (sampling.temperature() == 0) {
                    add(chain, (MemorySegment) llama.samplers.greedy.invokeExact());
                } else {
                    if (sampling.topK() > 0) {
                        add(chain, (MemorySegment) llama.samplers.topK.invokeExact(sampling.topK()));
                    }
                    add(chain, (MemorySegment) llama.samplers.topP.invokeExact(sampling.topP(), 1L));
                    add(chain, (MemorySegment) llama.samplers.temperature.invokeExact(sampling.temperature()));
                    add(chain, (MemorySegment) llama.samplers.distribution.invokeExact(sampling.seed()));
                }
                return chain;
            });
        }
    }

    private void add(MemorySegment chain, MemorySegment sampler) {
        LlamaBindings.call(() -> {
            llama.samplers.add.invokeExact(chain, sampler);
            return true;
        });
    }

    void freeSampler(MemorySegment chain) {
        samplers.remove(chain);
        LlamaBindings.call(() -> {
            llama.samplers.free.invokeExact(chain);
            return true;
        });
    }

    /** Samples the token after the last computed one; empty if it ends the text. */
    Optional<Integer> sample(MemorySegment chain) {
        int token = LlamaBindings.call(() -> (int) llama.samplers.sample.invokeExact(chain, context, -1));
        return vocabulary.isEndToken(token) ? Optional.empty() : Optional.of(token);
    }

    /** The logits of the last computed token, one per token of the vocabulary. */
    float[] logits() {
        return lastLogits().toArray(JAVA_FLOAT);
    }

    @SuppressWarnings("restricted")
    private MemorySegment lastLogits() {
        MemorySegment logits = LlamaBindings.call(() -> (MemorySegment) llama.contexts.logits.invokeExact(context, -1));
        if (logits.equals(MemorySegment.NULL)) {
            throw failed("There are no logits for the last token.");
        }
        return logits.reinterpret((long) vocabulary.size * Float.BYTES);
    }

    private static MemoryException full(String what) {
        return new MemoryException(
                ErrorCode.CONTEXT_FULL, what + " Close handles, or open the runtime with a larger context.");
    }

    private MemoryException failed(String what) {
        return new MemoryException(ErrorCode.RUNTIME_FAILED, what + llama.log.complaints());
    }
}
