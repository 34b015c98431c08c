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
 * Answers by a model whose computed beginnings are ours to keep: the longest one of a prompt is taken from slot, memory
 * or disk, the rest is computed, and at each boundary a fork is kept for those who come after. Thread-safe.
 */
final class LocalChatAnswerer implements ChatAnswerer {
    /** What is shorter is computed faster than it is read. */
    private static final int WORTH_A_FILE = 64;

    private final ActivationRuntime runtime;
    private final PrefixCache cache;
    private final DiskPrefixCache store;
    private final InstantSource clock;
    private final boolean shares;
    private final PrefillRate prefillRate = new PrefillRate();
    private final RuntimeLimiter turns;

    LocalChatAnswerer(ActivationRuntime runtime, PrefixCache cache, DiskPrefixCache store, InstantSource clock) {
        this.runtime = runtime;
        this.cache = cache;
        this.store = store;
        this.clock = clock;
        this.shares = runtime.capabilities().features().contains(ActivationFeature.SHARE);
        this.turns = new RuntimeLimiter(runtime.capabilities().handles() / 2);
    }

    /** How fast prompts are computed. */
    PrefillRate prefillRate() {
        return prefillRate;
    }

    @Override
    public ModelAnswer answer(PromptLayout talk, ChatRequest request, Predicate<String> sink) {
        TokenizedPrompt prompt = TokenizedPrompt.of(runtime, talk, request.maxTokens());
        ReplaySafeSink heard = new ReplaySafeSink(sink);
        return turns.run(() -> answer(prompt, talk, request, heard));
    }

    private ModelAnswer answer(TokenizedPrompt prompt, PromptLayout talk, ChatRequest request, ReplaySafeSink heard) {
        long start = System.nanoTime();
        try (PrefillSession computation = session(prompt, talk)) {
            if (request.reuse() && shares) {
                computeAndCache(computation, prompt, talk);
            }
            long before = shares ? 0 : runtime.statistics().reused();
            ActivationHandle handle = computation.computeTo(prompt.tokens().length);
            int cached = shares ? computation.cached() : tokensReusedByServer(before, prompt);
            long beginning = System.nanoTime() - start;
            GenerationOptions options = new GenerationOptions(request.maxTokens(), sampling(request), false);
            GenerationResult generation = cache.withEviction(() -> handle.generate(options, heard.newAttempt()));
            return new ModelAnswer(
                    generation.text(),
                    generation.finishReason() == FinishReason.STOP,
                    new Usage(
                            prompt.tokens().length,
                            cached,
                            generation.tokens().length,
                            generation.timeToFirstToken().plusNanos(beginning),
                            shares || cached == 0 ? computation.tier() : "server"),
                    prompt.warnings());
        }
    }

    private PrefillSession session(TokenizedPrompt prompt, PromptLayout talk) {
        return new PrefillSession(
                new PrefillSession.Means(runtime, cache, prefillRate),
                talk.adapters().adapterMix(),
                prompt.tokens());
    }

    /** A server that keeps beginnings by itself tells afterwards what it had; of calls side by side only the sum. */
    private int tokensReusedByServer(long before, TokenizedPrompt prompt) {
        return (int) Math.clamp(runtime.statistics().reused() - before, 0, prompt.tokens().length);
    }

    private static Sampling sampling(ChatRequest request) {
        float temperature = request.sampling().temperature();
        Sampling usual = Sampling.seeded(request.sampling().seed());
        return temperature == 0 ? Sampling.GREEDY : new Sampling(temperature, usual.topK(), usual.topP(), usual.seed());
    }

    /** Takes what is there of a prompt, computes the rest up to the last boundary, and keeps what comes again. */
    private void computeAndCache(PrefillSession computation, TokenizedPrompt prompt, PromptLayout talk) {
        startFromCache(computation, prompt.tokens(), talk);
        int held = computation.tier().equals(tierName(Tier.DISK)) ? computation.length() - 1 : computation.length();
        for (Boundary boundary : prompt.boundaries()) {
            if (boundary.length() > held) {
                cacheFork(computation.computeTo(boundary.length()), boundary.provenance(), talk);
            }
        }
    }

    private void startFromCache(PrefillSession computation, int[] tokens, PromptLayout talk) {
        Instant now = clock.instant();
        cache.findLongest(tokens, 0, talk, now)
                .ifPresent(found -> computation.startFrom(found.handle(), tierName(found.tier())));
        if (!talk.adapters().adapterMix().isNone()) {
            return; // what lies on disk was computed by the base alone
        }
        Optional<StoredActivation> stored = store.findLongest(tokens, computation.length(), talk, now);
        stored.flatMap(each -> cache.withEviction(() -> store.restore(each, talk.session(), now)))
                .ifPresent(handle -> computation.startFrom(handle, tierName(Tier.DISK)));
    }

    private static String tierName(Tier tier) {
        return tier.name().toLowerCase(Locale.ROOT);
    }

    /** Keeps a fork, if there is room for one: nobody fails for want of what others might use. */
    private void cacheFork(ActivationHandle reached, CacheProvenance lineage, PromptLayout talk) {
        try {
            cache.put(cache.withEviction(reached::fork), lineage, talk.session(), clock.instant());
        } catch (MemoryException e) {
            if (e.code() != ErrorCode.CONTEXT_FULL) {
                throw e;
            }
        }
    }

    /** Computes what was said, for the next question, and writes beginnings to disk that were used again. */
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

    private void prefill(TokenizedPrompt prompt, PromptLayout talk) {
        turns.run(() -> {
            try (PrefillSession computation = session(prompt, talk)) {
                computeAndCache(computation, prompt, talk);
                return computation.length();
            }
        });
    }

    private static boolean isWorthSaving(Boundary boundary) {
        return !boundary.provenance().conversation()
                && boundary.provenance().adapterMix().isEmpty()
                && boundary.length() >= WORTH_A_FILE
                && !boundary.provenance().sources().isEmpty();
    }

    /** Computes the beginning of talks and writes it to disk, in parts that can be shared. */
    void compile(PromptLayout talk) {
        TokenizedPrompt prompt = TokenizedPrompt.ofPrefix(runtime, talk);
        prefill(prompt, talk);
        for (Boundary boundary : prompt.boundaries()) {
            if (isWorthSaving(boundary)) {
                save(prompt.prefix(boundary.length()), boundary.provenance(), talk);
            }
        }
    }

    private void save(int[] tokens, CacheProvenance lineage, PromptLayout talk) {
        boolean saves = runtime.capabilities().features().contains(ActivationFeature.SAVE);
        if (!saves || store.contains(lineage.owner(), tokens)) {
            return;
        }
        Instant now = clock.instant();
        cache.findLongest(tokens, tokens.length - 1, talk, now).ifPresent(found -> {
            try (ActivationHandle handle = found.handle()) {
                store.save(handle, lineage, prefillRate.estimate(tokens.length), now);
            }
        });
    }

    @Override
    public void close() {
        cache.close();
        runtime.close();
    }
}
