package io.memos4j.core.activation;

import io.memos4j.api.Activation.Tier;
import io.memos4j.api.ChatReply.Usage;
import io.memos4j.api.ChatRequest;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.core.activation.TokenPrompt.Boundary;
import io.memos4j.spi.ActivationFeature;
import io.memos4j.spi.ActivationHandle;
import io.memos4j.spi.ActivationRuntime;
import io.memos4j.spi.Generation;
import io.memos4j.spi.Generation.End;
import io.memos4j.spi.GenerationOptions;
import io.memos4j.spi.GenerationOptions.Sampling;
import io.memos4j.spi.StoredActivation;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Answers by a model whose computed beginnings are ours to keep: the longest one of a prompt is taken from slot, memory or disk, the rest is
 * computed, and at each boundary a fork is kept for those who come after. Thread-safe.
 */
final class LocalAnswers implements Answers {
    /** What is shorter is computed faster than it is read. */
    private static final int WORTH_A_FILE = 64;

    private final ActivationRuntime runtime;
    private final PrefixCache cache;
    private final ActivationStore store;
    private final InstantSource clock;
    private final boolean shares;
    private final Speed speed = new Speed();
    private final Turns turns;

    LocalAnswers(ActivationRuntime runtime, PrefixCache cache, ActivationStore store, InstantSource clock) {
        this.runtime = runtime;
        this.cache = cache;
        this.store = store;
        this.clock = clock;
        this.shares = runtime.capabilities().features().contains(ActivationFeature.SHARE);
        this.turns = new Turns(runtime.capabilities().handles() / 2);
    }

    /** How fast prompts are computed. */
    Speed speed() {
        return speed;
    }

    @Override
    public Answer answer(Talk talk, ChatRequest request, Predicate<String> sink) {
        TokenPrompt prompt = TokenPrompt.of(runtime, talk, request.maxTokens());
        Heard heard = new Heard(sink);
        return turns.take(() -> answer(prompt, talk, request, heard));
    }

    private Answer answer(TokenPrompt prompt, Talk talk, ChatRequest request, Heard heard) {
        long start = System.nanoTime();
        try (Computation computation = computation(prompt, talk)) {
            if (request.reuse() && shares) {
                begin(computation, prompt, talk);
            }
            long before = shares ? 0 : runtime.statistics().reused();
            ActivationHandle handle = computation.reach(prompt.tokens().length);
            int cached = shares ? computation.cached() : server(before, prompt);
            long beginning = System.nanoTime() - start;
            GenerationOptions options = new GenerationOptions(request.maxTokens(), sampling(request), false);
            Generation generation = cache.roomFor(() -> handle.generate(options, heard.again()));
            return new Answer(
                    generation.text(),
                    generation.end() == End.STOP,
                    new Usage(
                            prompt.tokens().length,
                            cached,
                            generation.tokens().length,
                            generation.timeToFirstToken().plusNanos(beginning),
                            shares || cached == 0 ? computation.from() : "server"),
                    prompt.warnings());
        }
    }

    private Computation computation(TokenPrompt prompt, Talk talk) {
        return new Computation(
                new Computation.Means(runtime, cache, speed), talk.applied().mix(), prompt.tokens());
    }

    /** A server that keeps beginnings by itself tells afterwards what it had; of calls side by side only the sum. */
    private int server(long before, TokenPrompt prompt) {
        return (int) Math.clamp(runtime.statistics().reused() - before, 0, prompt.tokens().length);
    }

    private static Sampling sampling(ChatRequest request) {
        float temperature = request.choice().temperature();
        Sampling usual = Sampling.seeded(request.choice().seed());
        return temperature == 0 ? Sampling.GREEDY : new Sampling(temperature, usual.topK(), usual.topP(), usual.seed());
    }

    /** Takes what is there of a prompt, computes the rest up to the last boundary, and keeps what comes again. */
    private void begin(Computation computation, TokenPrompt prompt, Talk talk) {
        find(computation, prompt.tokens(), talk);
        int held = computation.from().equals(name(Tier.DISK)) ? computation.length() - 1 : computation.length();
        for (Boundary boundary : prompt.boundaries()) {
            if (boundary.length() > held) {
                keep(computation.reach(boundary.length()), boundary.lineage(), talk);
            }
        }
    }

    private void find(Computation computation, int[] tokens, Talk talk) {
        Instant now = clock.instant();
        cache.longest(tokens, 0, talk, now).ifPresent(found -> computation.begin(found.handle(), name(found.from())));
        if (!talk.applied().mix().isNone()) {
            return; // what lies on disk was computed by the base alone
        }
        Optional<StoredActivation> stored = store.longest(tokens, computation.length(), talk, now);
        stored.flatMap(each -> cache.roomFor(() -> store.restore(each, talk.session(), now)))
                .ifPresent(handle -> computation.begin(handle, name(Tier.DISK)));
    }

    private static String name(Tier tier) {
        return tier.name().toLowerCase(Locale.ROOT);
    }

    /** Keeps a fork, if there is room for one: nobody fails for want of what others might use. */
    private void keep(ActivationHandle reached, Lineage lineage, Talk talk) {
        try {
            cache.keep(cache.roomFor(reached::fork), lineage, talk.session(), clock.instant());
        } catch (MemoryException e) {
            if (e.code() != ErrorCode.CONTEXT_FULL) {
                throw e;
            }
        }
    }

    /** Computes what was said, for the next question, and writes beginnings to disk that were used again. */
    @Override
    public void prepare(Talk answered) {
        if (!shares) {
            return;
        }
        int[] tokens = TokenPrompt.past(runtime, answered);
        if (tokens.length < runtime.capabilities().handleTokens()) {
            TokenPrompt prompt = TokenPrompt.of(tokens, runtime, answered);
            compute(prompt, answered);
            for (Boundary boundary : prompt.boundaries()) {
                if (isWorthAFile(boundary) && cache.wasUsedAgain(prompt.first(boundary.length()))) {
                    save(prompt.first(boundary.length()), boundary.lineage(), answered);
                }
            }
        }
    }

    private void compute(TokenPrompt prompt, Talk talk) {
        turns.take(() -> {
            try (Computation computation = computation(prompt, talk)) {
                begin(computation, prompt, talk);
                return computation.length();
            }
        });
    }

    private static boolean isWorthAFile(Boundary boundary) {
        return !boundary.lineage().conversation()
                && boundary.lineage().mix().isEmpty()
                && boundary.length() >= WORTH_A_FILE
                && !boundary.lineage().sources().isEmpty();
    }

    /** Computes the beginning of talks and writes it to disk, in parts that can be shared. */
    void compile(Talk talk) {
        TokenPrompt prompt = TokenPrompt.ofBeginning(runtime, talk);
        compute(prompt, talk);
        for (Boundary boundary : prompt.boundaries()) {
            if (isWorthAFile(boundary)) {
                save(prompt.first(boundary.length()), boundary.lineage(), talk);
            }
        }
    }

    private void save(int[] tokens, Lineage lineage, Talk talk) {
        boolean saves = runtime.capabilities().features().contains(ActivationFeature.SAVE);
        if (!saves || store.has(lineage.owner(), tokens)) {
            return;
        }
        Instant now = clock.instant();
        cache.longest(tokens, tokens.length - 1, talk, now).ifPresent(found -> {
            try (ActivationHandle handle = found.handle()) {
                store.save(handle, lineage, speed.of(tokens.length), now);
            }
        });
    }

    @Override
    public void close() {
        cache.close();
        runtime.close();
    }
}
