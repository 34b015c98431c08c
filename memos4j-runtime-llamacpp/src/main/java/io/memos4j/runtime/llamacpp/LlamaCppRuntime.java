package io.memos4j.runtime.llamacpp;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.modelfiles.GgufFile;
import io.memos4j.runtime.files.ActivationFile;
import io.memos4j.runtime.files.RuntimeCounters;
import io.memos4j.runtime.files.StateCompression;
import io.memos4j.spi.ChatTurn;
import io.memos4j.spi.runtime.ActivationCapabilities;
import io.memos4j.spi.runtime.ActivationFeature;
import io.memos4j.spi.runtime.ActivationHandle;
import io.memos4j.spi.runtime.ActivationImage;
import io.memos4j.spi.runtime.ActivationManifest;
import io.memos4j.spi.runtime.ActivationOptions;
import io.memos4j.spi.runtime.ActivationRuntime;
import io.memos4j.spi.runtime.ActivationStatistics;
import io.memos4j.spi.runtime.AdapterFiles;
import io.memos4j.spi.runtime.AdapterMix;
import io.memos4j.spi.runtime.KvCacheType;
import io.memos4j.spi.runtime.LoadedAdapter;
import io.memos4j.spi.runtime.ModelIdentity;
import io.memos4j.spi.runtime.TokenizeOption;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A runtime on a GGUF model in this process. Callers' values are checked here and in {@link LlamaCppHandle}, before
 * they reach the engine.
 */
final class LlamaCppRuntime implements ActivationRuntime {
    private final ModelIdentity model;
    private final StateCompression packing;
    private final ActivationCapabilities capabilities;
    private final AdapterCompatibility loading;
    private final EngineThread thread;
    private final LlamaEngine engine;
    private final BitSet sequences = new BitSet();
    final RuntimeCounters counters = new RuntimeCounters();

    private LlamaCppRuntime(
            ModelIdentity model, ActivationCapabilities capabilities, Opened opened, StateCompression packing) {
        this.loading = opened.loading;
        this.packing = packing;
        this.model = model;
        this.capabilities = capabilities;
        this.thread = opened.thread;
        this.engine = opened.engine;
    }

    private record Opened(EngineThread thread, LlamaEngine engine, AdapterCompatibility loading) {}

    static LlamaCppRuntime open(ActivationOptions options) {
        ModelIdentity model = GgufFile.identity(options.model());
        requireBlocks(options.caches().keys(), model.shape().keyWidth());
        requireBlocks(options.caches().values(), model.shape().valueWidth());
        LlamaBindings llama = LlamaBindings.load(
                options.library().orElseGet(() -> LlamaLibrary.bundled().unpack(LlamaLibrary.cacheFolder())));
        Opened opened = open(llama, options);
        if (opened.engine.vocabulary.size != model.shape().vocabulary()) {
            opened.thread.close();
            throw new MemoryException(
                    ErrorCode.MODEL_UNREADABLE,
                    "Cannot use the model " + options.model() + ": llama.cpp counts " + opened.engine.vocabulary.size
                            + " tokens, the file " + model.shape().vocabulary() + ".");
        }
        int handleTokens = Math.min(options.contextTokens(), model.shape().contextLength());
        return new LlamaCppRuntime(
                model,
                new ActivationCapabilities(
                        "llama.cpp b" + llama.build,
                        Set.of(KvCacheType.values()),
                        options.caches(),
                        opened.engine.cells,
                        handleTokens,
                        options.handles(),
                        Set.of(ActivationFeature.values()),
                        opened.loading.support()),
                opened,
                options.packed() ? StateCompression.ZSTD : StateCompression.PLAIN);
    }

    private static void requireBlocks(KvCacheType type, int headWidth) {
        if (headWidth % type.blockNumbers() != 0) {
            throw MemoryException.invalid("A cache of type " + type + " needs heads of a multiple of "
                    + type.blockNumbers() + " numbers, this model has heads of " + headWidth + ". Use F16.");
        }
    }

    private static Opened open(LlamaBindings llama, ActivationOptions options) {
        AdapterCompatibility loading = AdapterCompatibility.of(options);
        EngineThread thread = new EngineThread();
        try {
            LlamaEngine engine = thread.call(() -> {
                LlamaEngine made = new LlamaEngine(llama, options);
                thread.atEnd(made::free);
                return made;
            });
            return new Opened(thread, engine, loading);
        } catch (RuntimeException e) {
            thread.close();
            throw e;
        }
    }

    @Override
    public ActivationCapabilities capabilities() {
        return capabilities;
    }

    @Override
    public ModelIdentity model() {
        return model;
    }

    @Override
    public int[] tokenize(String text, TokenizeOption... how) {
        Set<TokenizeOption> chosen = EnumSet.noneOf(TokenizeOption.class);
        chosen.addAll(List.of(how));
        return thread.call(() -> {
            int[] tokens = engine.vocabulary.tokenize(text, chosen.contains(TokenizeOption.CONTROL));
            return chosen.contains(TokenizeOption.START) ? engine.vocabulary.prependStart(tokens) : tokens;
        });
    }

    @Override
    public int[] tokenize(List<ChatTurn> conversation, boolean answerNext) {
        List<ChatTurn> turns = List.copyOf(conversation);
        if (turns.isEmpty()) {
            throw MemoryException.invalid("There are no turns to tokenize.");
        }
        return thread.call(() -> engine.template.tokenize(turns, answerNext));
    }

    @Override
    public String detokenize(int[] tokens) {
        int[] own = requireKnownTokens(tokens);
        return thread.call(() -> engine.vocabulary.detokenize(own));
    }

    @Override
    public ActivationHandle prefill(int[] tokens, AdapterMix adapters) {
        int[] own = requireKnownTokens(tokens);
        if (own.length == 0) {
            throw MemoryException.invalid("There are no tokens to compute.");
        }
        requireLength(own.length);
        TokenPrefix prefix = new TokenPrefix(own, mix(adapters));
        int sequence = takeSequence();
        try {
            append(sequence, prefix, 0, () -> {});
        } catch (RuntimeException e) {
            releaseSequence(sequence);
            throw e;
        }
        return new LlamaCppHandle(this, sequence, prefix);
    }

    private EngineAdapterMix mix(AdapterMix adapters) {
        int together = capabilities.adapters().together();
        if (adapters.parts().size() > together) {
            throw new MemoryException(
                    ErrorCode.UNSUPPORTED,
                    "At most " + together + " adapters can be applied at once, these are "
                            + adapters.parts().size() + ". Apply fewer, or merge some into one.");
        }
        return new EngineAdapterMix(adapters.parts().stream().map(this::part).toList());
    }

    private EngineAdapterMix.Part part(AdapterMix.Part part) {
        if (!(part.adapter() instanceof LlamaCppAdapter own) || !own.isOf(this)) {
            throw MemoryException.invalid("Another runtime loaded the adapter "
                    + part.adapter().files().hash() + ". Load it here.");
        }
        return new EngineAdapterMix.Part(own.adapter(), (float) part.scale());
    }

    @Override
    public LoadedAdapter load(AdapterFiles files) {
        EngineAdapter adapter = thread.call(() -> engine.adapters.findLoaded(files.hash()))
                .orElseGet(() -> {
                    loading.check(files);
                    return thread.call(() -> engine.adapters.load(files.hash(), files.gguf()));
                });
        return new LlamaCppAdapter(this, files, adapter);
    }

    @Override
    public ActivationHandle restore(Path file) {
        try (ActivationFile saved = ActivationFile.open(file);
                Arena memory = Arena.ofShared()) {
            List<String> mismatches = saved.manifest().mismatches(model, capabilities);
            if (!mismatches.isEmpty()) {
                throw new MemoryException(
                        ErrorCode.ACTIVATION_MISMATCH,
                        "The saved activation " + file + " does not fit. " + String.join(" ", mismatches)
                                + " Compute it again from its text.");
            }
            int[] tokens = requireKnownTokens(saved.tokens());
            requireLength(tokens.length);
            MemorySegment state = memory.allocate(saved.manifest().stateBytes());
            saved.copyState(new StateChannel(state));
            return restore(new TokenPrefix(tokens, EngineAdapterMix.NONE), state);
        }
    }

    private ActivationHandle restore(TokenPrefix prefix, MemorySegment state) {
        int computed = prefix.length() - 1;
        int sequence = takeSequence();
        try {
            if (computed > 0) {
                thread.call(() -> {
                    engine.restore(sequence, computed, state);
                    return true;
                });
            }
        } catch (RuntimeException e) {
            releaseSequence(sequence);
            throw e;
        }
        counters.restored.add(computed);
        return new LlamaCppHandle(this, sequence, prefix);
    }

    @Override
    public ActivationHandle restore(ActivationImage image) {
        if (!(image instanceof LlamaCppImage own) || !own.isOf(this)) {
            throw MemoryException.invalid("This image belongs to another runtime. Compute its tokens here.");
        }
        own.prefix().mix().requireLoaded();
        return own.read(state -> restore(own.prefix(), state));
    }

    @Override
    public ActivationManifest inspect(Path file) {
        try (ActivationFile saved = ActivationFile.open(file)) {
            return saved.manifest();
        }
    }

    @Override
    public ActivationStatistics statistics() {
        int used = thread.call(engine::usedCells);
        synchronized (sequences) {
            return counters.snapshot(sequences.cardinality(), used);
        }
    }

    @Override
    public void close() {
        thread.close();
    }

    /** The encoding of saved handles. */
    StateCompression packing() {
        return packing;
    }

    EngineThread thread() {
        return thread;
    }

    LlamaEngine engine() {
        return engine;
    }

    /** Copies token ids and refuses those that the model does not have. */
    int[] requireKnownTokens(int[] tokens) {
        int[] own = tokens.clone();
        engine.vocabulary.check(own);
        return own;
    }

    void requireLength(int tokens) {
        if (tokens > capabilities.handleTokens()) {
            throw new MemoryException(
                    ErrorCode.TOO_LARGE,
                    "A handle may hold " + capabilities.handleTokens() + " tokens, these would be " + tokens + ".");
        }
    }

    /** Takes a free sequence for a new handle. */
    int takeSequence() {
        thread.requireOpen();
        synchronized (sequences) {
            int free = sequences.nextClearBit(0);
            if (free >= capabilities.handles()) {
                throw new MemoryException(
                        ErrorCode.CONTEXT_FULL,
                        "All " + capabilities.handles()
                                + " handles are open. Close one, or open the runtime with more.");
            }
            sequences.set(free);
            return free;
        }
    }

    /** Empties a sequence and makes it available again. */
    void releaseSequence(int sequence) {
        thread.runAlways(() -> engine.truncate(sequence, 0));
        synchronized (sequences) {
            sequences.clear(sequence);
        }
    }

    /**
     * Computes all tokens but the last, of which {@code computed} are there already. If that fails, only those remain.
     *
     * @param check runs before each step and may throw
     */
    void append(int sequence, TokenPrefix prefix, int computed, Runnable check) {
        int end = prefix.length() - 1;
        try {
            for (int from = computed; from < end; from += LlamaEngine.BATCH) {
                check.run();
                int start = from;
                int stop = Math.min(from + LlamaEngine.BATCH, end);
                thread.call(() -> {
                    engine.require(end - start);
                    engine.decode(new LlamaEngine.TokenRange(sequence, prefix, start, stop));
                    return true;
                });
                counters.prefilled.add(stop - start);
            }
        } catch (RuntimeException e) {
            thread.runAlways(() -> engine.truncate(sequence, computed));
            throw e;
        }
    }

    /** Concatenates two sequences of tokens. */
    static int[] concatenate(int[] first, int[] second) {
        int[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
