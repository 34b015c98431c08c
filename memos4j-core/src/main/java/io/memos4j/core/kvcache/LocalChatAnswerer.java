package io.memos4j.core.kvcache;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.chat.ChatReply.Usage;
import io.memos4j.api.chat.ChatRequest;
import io.memos4j.api.kvcache.KvCacheEntry.Tier;
import io.memos4j.core.kvcache.TokenizedPrompt.Boundary;
import io.memos4j.spi.kvcache.StoredActivation;
import io.memos4j.spi.runtime.ActivationFeature;
import io.memos4j.spi.runtime.ActivationHandle;
import io.memos4j.spi.runtime.ActivationRuntime;
import io.memos4j.spi.runtime.GenerationOptions;
import io.memos4j.spi.runtime.GenerationOptions.Sampling;
import io.memos4j.spi.runtime.GenerationResult;
import io.memos4j.spi.runtime.GenerationResult.FinishReason;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Answers with a local model: takes the longest cached prefix of the prompt from a slot, memory or disk, computes the
 * rest, and caches a fork at each boundary for later prompts. Thread-safe.
 */
final class LocalChatAnswerer implements ChatAnswerer {
    /** Shorter prefixes are computed faster than they are read from disk. */
    private static final int MIN_SAVED_TOKENS = 64;

    private final ActivationRuntime runtime;
    private final PrefixCache cache;
    private final DiskPrefixCache store;
    private final InstantSource clock;
    private final boolean shares;
    private final PrefillRate prefillRate = new PrefillRate();
    private final RuntimeLimiter limiter;

    LocalChatAnswerer(ActivationRuntime runtime, PrefixCache cache, DiskPrefixCache store, InstantSource clock) {
        this.runtime = runtime;
        this.cache = cache;
        this.store = store;
        this.clock = clock;
        this.shares = runtime.capabilities().features().contains(ActivationFeature.SHARE);
        this.limiter = new RuntimeLimiter(runtime.capabilities().handles() / 2);
    }

    PrefillRate prefillRate() {
        return prefillRate;
    }

    @Override
    public ModelAnswer answer(PromptLayout layout, ChatRequest request, Predicate<String> sink) {
        TokenizedPrompt prompt = TokenizedPrompt.of(runtime, layout, request.maxTokens());
        ReplaySafeSink sinkOnce = new ReplaySafeSink(sink);
        return limiter.run(() -> answer(prompt, layout, request, sinkOnce));
    }

    private ModelAnswer answer(
            TokenizedPrompt prompt, PromptLayout layout, ChatRequest request, ReplaySafeSink sinkOnce) {
        long start = System.nanoTime();
        try (PrefillSession session = session(prompt, layout)) {
            if (request.reuse() && shares) {
                computeAndCache(session, prompt, layout);
            }
            long before = shares ? 0 : runtime.statistics().reused();
            ActivationHandle handle = session.computeTo(prompt.tokens().length);
            int cached = shares ? session.cached() : tokensReusedByServer(before, prompt);
            long prefillNanos = System.nanoTime() - start;
            GenerationOptions options = new GenerationOptions(request.maxTokens(), sampling(request), false);
            GenerationResult generation = cache.withEviction(() -> handle.generate(options, sinkOnce.newAttempt()));
            return new ModelAnswer(
                    generation.text(),
                    generation.finishReason() == FinishReason.STOP,
                    new Usage(
                            prompt.tokens().length,
                            cached,
                            generation.tokens().length,
                            generation.timeToFirstToken().plusNanos(prefillNanos),
                            shares || cached == 0 ? session.tier() : "server"),
                    prompt.warnings());
        }
    }

    private PrefillSession session(TokenizedPrompt prompt, PromptLayout layout) {
        return new PrefillSession(runtime, cache, prefillRate, layout.adapters().adapterMix(), prompt.tokens());
    }

    /**
     * Returns the tokens that a server with its own cache reused. It only reports totals, so concurrent calls count
     * together.
     */
    private int tokensReusedByServer(long before, TokenizedPrompt prompt) {
        return (int) Math.clamp(runtime.statistics().reused() - before, 0, prompt.tokens().length);
    }

    private static Sampling sampling(ChatRequest request) {
        float temperature = request.sampling().temperature();
        Sampling usual = Sampling.seeded(request.sampling().seed());
        return temperature == 0 ? Sampling.GREEDY : new Sampling(temperature, usual.topK(), usual.topP(), usual.seed());
    }

    /** Starts from the longest cached prefix, computes up to the last boundary, and caches a fork at each boundary. */
    private void computeAndCache(PrefillSession session, TokenizedPrompt prompt, PromptLayout layout) {
        startFromCache(session, prompt.tokens(), layout);
        int held = session.tier().equals(tierName(Tier.DISK)) ? session.length() - 1 : session.length();
        for (Boundary boundary : prompt.boundaries()) {
            if (boundary.length() > held) {
                cacheFork(session.computeTo(boundary.length()), boundary.provenance(), layout);
            }
        }
    }

    private void startFromCache(PrefillSession session, int[] tokens, PromptLayout layout) {
        Instant now = clock.instant();
        cache.findLongest(tokens, 0, layout, now)
                .ifPresent(found -> session.startFrom(found.handle(), tierName(found.tier())));
        if (!layout.adapters().adapterMix().isNone()) {
            return; // prefixes on disk were computed without adapters
        }
        Optional<StoredActivation> stored = store.findLongest(tokens, session.length(), layout, now);
        stored.flatMap(each -> cache.withEviction(() -> store.restore(each, layout.session(), now)))
                .ifPresent(handle -> session.startFrom(handle, tierName(Tier.DISK)));
    }

    private static String tierName(Tier tier) {
        return tier.name().toLowerCase(Locale.ROOT);
    }

    /** Caches a fork if the runtime has space for one; a full runtime does not fail the answer. */
    private void cacheFork(ActivationHandle handle, CacheProvenance provenance, PromptLayout layout) {
        try {
            cache.put(cache.withEviction(handle::fork), provenance, layout.session(), clock.instant());
        } catch (MemoryException e) {
            if (e.code() != ErrorCode.CONTEXT_FULL) {
                throw e;
            }
        }
    }

    /** Computes the conversation so far for the next question, and writes prefixes to disk that were reused. */
    @Override
    public void prepare(PromptLayout answered) {
        if (!shares) {
            return;
        }
        int[] tokens = TokenizedPrompt.historyTokens(runtime, answered);
        if (tokens.length < runtime.capabilities().handleTokens()) {
            TokenizedPrompt prompt = TokenizedPrompt.of(tokens, runtime, answered);
            prefill(prompt, answered);
            for (Boundary boundary : prompt.boundaries()) {
                if (isWorthSaving(boundary) && cache.wasReused(prompt.prefix(boundary.length()))) {
                    save(prompt.prefix(boundary.length()), boundary.provenance(), answered);
                }
            }
        }
    }

    private void prefill(TokenizedPrompt prompt, PromptLayout layout) {
        limiter.run(() -> {
            try (PrefillSession session = session(prompt, layout)) {
                computeAndCache(session, prompt, layout);
                return session.length();
            }
        });
    }

    private static boolean isWorthSaving(Boundary boundary) {
        return !boundary.provenance().conversation()
                && boundary.provenance().adapterMix().isEmpty()
                && boundary.length() >= MIN_SAVED_TOKENS
                && !boundary.provenance().sources().isEmpty();
    }

    /** Computes the prompt prefix and writes its segments to disk. */
    void compile(PromptLayout layout) {
        TokenizedPrompt prompt = TokenizedPrompt.ofPrefix(runtime, layout);
        prefill(prompt, layout);
        for (Boundary boundary : prompt.boundaries()) {
            if (isWorthSaving(boundary)) {
                save(prompt.prefix(boundary.length()), boundary.provenance(), layout);
            }
        }
    }

    private void save(int[] tokens, CacheProvenance provenance, PromptLayout layout) {
        boolean saves = runtime.capabilities().features().contains(ActivationFeature.SAVE);
        if (!saves || store.contains(provenance.owner(), tokens)) {
            return;
        }
        Instant now = clock.instant();
        cache.findLongest(tokens, tokens.length - 1, layout, now).ifPresent(found -> {
            try (ActivationHandle handle = found.handle()) {
                store.save(handle, provenance, prefillRate.estimate(tokens.length), now);
            }
        });
    }

    @Override
    public void close() {
        cache.close();
        runtime.close();
    }
}
