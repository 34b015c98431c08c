package io.memos4j.core.activation;

import io.memos4j.api.Activation.Tier;
import io.memos4j.api.ChatReply.Usage;
import io.memos4j.api.ChatRequest;
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
    private final Predicate<Lineage> current;
    private final InstantSource clock;
    private final boolean shares;
    private final Speed speed = new Speed();

    /** @param current whether what was computed from this may still be kept */
    LocalAnswers(
            ActivationRuntime runtime,
            PrefixCache cache,
            ActivationStore store,
            Predicate<Lineage> current,
            InstantSource clock) {
        this.runtime = runtime;
        this.cache = cache;
        this.store = store;
        this.current = current;
        this.clock = clock;
        this.shares = runtime.capabilities().features().contains(ActivationFeature.SHARE);
    }

    /** How fast prompts are computed. */
    Speed speed() {
        return speed;
    }

    @Override
    public Answer answer(Talk talk, ChatRequest request, Predicate<String> sink) {
        TokenPrompt prompt = TokenPrompt.of(runtime, talk, request.maxTokens());
        long start = System.nanoTime();
        try (Computation computation = computation(prompt)) {
            if (request.reuse() && shares) {
                begin(computation, prompt, talk);
            }
            long before = shares ? 0 : runtime.statistics().reused();
            ActivationHandle handle = computation.reach(prompt.tokens().length);
            int cached = shares ? computation.cached() : server(before, prompt);
            long beginning = System.nanoTime() - start;
            Heard heard = new Heard(sink);
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

    private Computation computation(TokenPrompt prompt) {
        return new Computation(runtime, cache, speed, prompt.tokens());
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
                ActivationHandle reached = computation.reach(boundary.length());
                keep(cache.roomFor(reached::fork), boundary.lineage(), talk);
            }
        }
    }

    private void find(Computation computation, int[] tokens, Talk talk) {
        Instant now = clock.instant();
        cache.longest(tokens, 0, talk, now).ifPresent(found -> computation.begin(found.handle(), name(found.from())));
        Optional<StoredActivation> stored = store.longest(tokens, computation.length(), talk, now);
        stored.flatMap(each -> cache.roomFor(() -> store.restore(each, talk.session(), now)))
                .ifPresent(handle -> computation.begin(handle, name(Tier.DISK)));
    }

    private static String name(Tier tier) {
        return tier.name().toLowerCase(Locale.ROOT);
    }

    private void keep(ActivationHandle handle, Lineage lineage, Talk talk) {
        cache.keep(handle, lineage, talk.session(), clock.instant());
        if (!current.test(lineage)) {
            cache.forget(lineage::equals);
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
            try (Computation computation = computation(prompt)) {
                begin(computation, prompt, answered);
            }
            for (Boundary boundary : prompt.boundaries()) {
                if (isWorthAFile(boundary) && cache.wasUsedAgain(prompt.first(boundary.length()))) {
                    save(prompt.first(boundary.length()), boundary.lineage(), answered);
                }
            }
        }
    }

    private static boolean isWorthAFile(Boundary boundary) {
        return !boundary.lineage().conversation()
                && boundary.length() >= WORTH_A_FILE
                && !boundary.lineage().sources().isEmpty();
    }

    /** Computes the beginning of talks and writes it to disk, in parts that can be shared. */
    void compile(Talk talk) {
        TokenPrompt prompt = TokenPrompt.ofBeginning(runtime, talk);
        try (Computation computation = computation(prompt)) {
            begin(computation, prompt, talk);
        }
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
