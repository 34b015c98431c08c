package io.memos4j.core.kvcache;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Warning;
import io.memos4j.core.kvcache.PromptPrefix.Segment;
import io.memos4j.spi.ChatTurn;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.kvcache.ActivationSource;
import io.memos4j.spi.runtime.ActivationRuntime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A prompt as tokens, with the boundaries up to which it is worth caching.
 *
 * <p>A boundary is found by comparison: it is the common prefix of the tokens of the whole prompt and of the same
 * prompt ending there. So it holds for any tokenizer and chat template, even if a token spans the end of a segment.
 *
 * @param tokens up to where the answer begins
 * @param boundaries in ascending order
 * @param warnings what was left out to make it fit
 */
record TokenizedPrompt(int[] tokens, List<Boundary> boundaries, List<Warning> warnings) {
    /** The fewest tokens between two boundaries. */
    private static final int MIN_SPAN = 16;

    /**
     * The number of messages dropped at a time, so that the remaining history starts the same way for several turns.
     */
    private static final int DROPPED_AT_ONCE = 16;

    /** Placeholders for whatever a user may say next. */
    private static final ChatTurn ANYTHING = ChatTurn.user("?");

    private static final ChatTurn SOMETHING_ELSE = ChatTurn.user("…");

    /** A cacheable prefix of {@code length} tokens. */
    record Boundary(int length, CacheProvenance provenance) {}

    /**
     * Tokenizes a prompt with space for an answer; if it does not fit, drops the oldest messages first and then the
     * recalled memories.
     */
    static TokenizedPrompt of(ActivationRuntime runtime, PromptLayout layout, int maxTokens) {
        int available = runtime.capabilities().handleTokens() - maxTokens;
        PromptLayout fitting = layout;
        int[] tokens = runtime.tokenize(fitting.turns(), true);
        List<Warning> warnings = new ArrayList<>();
        int from = 0;
        while (tokens.length > available && from < layout.history().size()) {
            from = Math.min(from + DROPPED_AT_ONCE, layout.history().size());
            fitting = layout.withoutFirst(from);
            tokens = runtime.tokenize(fitting.turns(), true);
        }
        if (from > 0) {
            warnings.add(new Warning(
                    "history_cut",
                    "The oldest " + from
                            + " messages of the conversation do not fit into the model's context and were left out."));
        }
        if (tokens.length > available && !layout.memories().isEmpty()) {
            fitting = fitting.withoutMemories();
            tokens = runtime.tokenize(fitting.turns(), true);
            warnings.add(new Warning(
                    "memories_cut", "The recalled memories do not fit into the model's context and were left out."));
        }
        if (tokens.length > available) {
            throw new MemoryException(
                    ErrorCode.TOO_LARGE,
                    "The prompt has " + tokens.length + " tokens and the answer may have " + maxTokens
                            + ", but the model's context has only "
                            + runtime.capabilities().handleTokens()
                            + ". Ask for a shorter answer, or open the model with a larger context.");
        }
        return new TokenizedPrompt(tokens, boundaries(runtime, fitting, tokens), warnings);
    }

    /** Tokenizes the prefix alone, as it appears in any chat with these cubes. */
    static TokenizedPrompt ofPrefix(ActivationRuntime runtime, PromptLayout layout) {
        ChatTurn system = layout.system(layout.prefix().segments().size());
        return of(runtime.tokenize(List.of(system, SOMETHING_ELSE), true), runtime, layout);
    }

    /** Returns the tokens of the conversation so far that stay the same when it goes on. */
    static int[] historyTokens(ActivationRuntime runtime, PromptLayout layout) {
        List<ChatTurn> more = layout.historyTurns();
        more.add(ANYTHING);
        int[] tokens = runtime.tokenize(layout.historyTurns(), false);
        return Arrays.copyOf(tokens, commonPrefixLength(tokens, runtime.tokenize(more, true)));
    }

    /** Finds the boundaries in given tokens of a prompt. */
    static TokenizedPrompt of(int[] tokens, ActivationRuntime runtime, PromptLayout layout) {
        return new TokenizedPrompt(tokens, boundaries(runtime, layout, tokens), List.of());
    }

    private static List<Boundary> boundaries(ActivationRuntime runtime, PromptLayout layout, int[] tokens) {
        List<Boundary> boundaries = new ArrayList<>();
        List<Segment> segments = layout.prefix().segments();
        for (int count = 0; count <= segments.size(); count++) {
            int length = commonPrefixLength(tokens, runtime.tokenize(List.of(layout.system(count), ANYTHING), true));
            addBoundary(boundaries, length, provenance(layout, segments.subList(0, count), false));
        }
        if (!layout.history().isEmpty()) {
            addBoundary(
                    boundaries,
                    commonPrefixLength(tokens, runtime.tokenize(layout.historyTurns(), false)),
                    provenance(layout, segments, true));
        }
        return boundaries;
    }

    private static void addBoundary(List<Boundary> boundaries, int length, CacheProvenance provenance) {
        int last = boundaries.isEmpty() ? 0 : boundaries.getLast().length();
        if (length - last >= MIN_SPAN) {
            boundaries.add(new Boundary(length, provenance));
        }
    }

    private static CacheProvenance provenance(PromptLayout layout, List<Segment> segments, boolean conversation) {
        List<ActivationSource> sources = Stream.concat(
                        segments.stream().flatMap(segment -> segment.sources().stream()),
                        layout.adapters().sources().stream())
                .toList();
        Optional<Instant> validUntil = segments.stream()
                .flatMap(segment -> segment.validUntil().stream())
                .min(Instant::compareTo);
        Set<CubeKey> cubes = new HashSet<>();
        segments.forEach(segment -> cubes.add(segment.cube()));
        if (conversation
                || !layout.instructions().isBlank()
                || !layout.adapters().adapterMix().isNone()) {
            cubes.addAll(layout.cubes());
        }
        CubeKey owner = segments.isEmpty()
                ? layout.cubes().getLast()
                : segments.getLast().cube();
        return new CacheProvenance(
                owner,
                cubes,
                sources,
                validUntil,
                layout.adapters().adapterMix().id(),
                conversation);
    }

    /** Returns the length of the common prefix. */
    static int commonPrefixLength(int[] one, int[] other) {
        int mismatch = Arrays.mismatch(one, other);
        return mismatch < 0 ? one.length : mismatch;
    }

    int[] prefix(int length) {
        return Arrays.copyOf(tokens, length);
    }
}
