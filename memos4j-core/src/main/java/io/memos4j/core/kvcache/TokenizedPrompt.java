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
 * The tokens of a talk and where in them the parts end that will come again.
 *
 * <p>A boundary is found by comparing: the tokens of the talk and those of the same talk that ends there have so many
 * first tokens in common. So it holds for any tokenizer and any template, also where a token spans the end of a part.
 *
 * @param tokens all of them, up to where the answer begins
 * @param boundaries in order, each behind the one before
 * @param warnings what was left out to make it fit
 */
record TokenizedPrompt(int[] tokens, List<Boundary> boundaries, List<Warning> warnings) {
    /** Tokens that are not worth a boundary of their own. */
    private static final int FEW = 16;

    /** Messages that are left out at a time, so that the beginning of what stays is the same for some turns. */
    private static final int PAGE = 16;

    /** What stands for anything that is said. */
    private static final ChatTurn ANYTHING = ChatTurn.user("?");

    private static final ChatTurn SOMETHING_ELSE = ChatTurn.user("…");

    /** The first {@code length} tokens come again. */
    record Boundary(int length, CacheProvenance provenance) {}

    /**
     * The prompt of a talk with room for an answer; leaves out the oldest messages, and then what was recalled, where
     * it does not fit.
     */
    static TokenizedPrompt of(ActivationRuntime runtime, PromptLayout talk, int maxTokens) {
        int room = runtime.capabilities().handleTokens() - maxTokens;
        PromptLayout fitting = talk;
        int[] tokens = runtime.tokenize(fitting.turns(), true);
        List<Warning> warnings = new ArrayList<>();
        int from = 0;
        while (tokens.length > room && from < talk.history().size()) {
            from = Math.min(from + PAGE, talk.history().size());
            fitting = talk.withoutFirst(from);
            tokens = runtime.tokenize(fitting.turns(), true);
        }
        if (from > 0) {
            warnings.add(new Warning(
                    "history_cut",
                    "The oldest " + from
                            + " messages of the conversation find no room in the model's context and were left out."));
        }
        if (tokens.length > room && !talk.memories().isEmpty()) {
            fitting = fitting.withoutMemories();
            tokens = runtime.tokenize(fitting.turns(), true);
            warnings.add(new Warning(
                    "memories_cut", "What was recalled finds no room in the model's context and was left out."));
        }
        if (tokens.length > room) {
            throw new MemoryException(
                    ErrorCode.TOO_LARGE,
                    "The prompt has " + tokens.length + " tokens and the answer may have " + maxTokens
                            + ", the model's context " + runtime.capabilities().handleTokens()
                            + ". Ask for a shorter answer, or open the model with a larger context.");
        }
        return new TokenizedPrompt(tokens, boundaries(runtime, fitting, tokens), warnings);
    }

    /** The beginning alone, as it will stand in any talk of these cubes. */
    static TokenizedPrompt ofPrefix(ActivationRuntime runtime, PromptLayout talk) {
        ChatTurn system = talk.system(talk.prefix().segments().size());
        return of(runtime.tokenize(List.of(system, SOMETHING_ELSE), true), runtime, talk);
    }

    /** The tokens of what was said, as far as they will be the same when more is said. */
    static int[] historyTokens(ActivationRuntime runtime, PromptLayout talk) {
        List<ChatTurn> more = talk.historyTurns();
        more.add(ANYTHING);
        int[] tokens = runtime.tokenize(talk.historyTurns(), false);
        return Arrays.copyOf(tokens, commonPrefixLength(tokens, runtime.tokenize(more, true)));
    }

    /** These tokens of a talk. */
    static TokenizedPrompt of(int[] tokens, ActivationRuntime runtime, PromptLayout talk) {
        return new TokenizedPrompt(tokens, boundaries(runtime, talk, tokens), List.of());
    }

    private static List<Boundary> boundaries(ActivationRuntime runtime, PromptLayout talk, int[] tokens) {
        List<Boundary> boundaries = new ArrayList<>();
        List<Segment> parts = talk.prefix().segments();
        for (int count = 0; count <= parts.size(); count++) {
            int length = commonPrefixLength(tokens, runtime.tokenize(List.of(talk.system(count), ANYTHING), true));
            addBoundary(boundaries, length, provenance(talk, parts.subList(0, count), false));
        }
        if (!talk.history().isEmpty()) {
            addBoundary(
                    boundaries,
                    commonPrefixLength(tokens, runtime.tokenize(talk.historyTurns(), false)),
                    provenance(talk, parts, true));
        }
        return boundaries;
    }

    private static void addBoundary(List<Boundary> boundaries, int length, CacheProvenance lineage) {
        int last = boundaries.isEmpty() ? 0 : boundaries.getLast().length();
        if (length - last >= FEW) {
            boundaries.add(new Boundary(length, lineage));
        }
    }

    private static CacheProvenance provenance(PromptLayout talk, List<Segment> parts, boolean conversation) {
        List<ActivationSource> sources = Stream.concat(
                        parts.stream().flatMap(part -> part.sources().stream()), talk.adapters().sources().stream())
                .toList();
        Optional<Instant> until =
                parts.stream().flatMap(part -> part.validUntil().stream()).min(Instant::compareTo);
        Set<CubeKey> cubes = new HashSet<>();
        parts.forEach(part -> cubes.add(part.cube()));
        if (conversation
                || !talk.instructions().isBlank()
                || !talk.adapters().adapterMix().isNone()) {
            cubes.addAll(talk.cubes());
        }
        CubeKey owner =
                parts.isEmpty() ? talk.cubes().getLast() : parts.getLast().cube();
        return new CacheProvenance(
                owner, cubes, sources, until, talk.adapters().adapterMix().id(), conversation);
    }

    /** How many first tokens both have in common. */
    static int commonPrefixLength(int[] one, int[] other) {
        int mismatch = Arrays.mismatch(one, other);
        return mismatch < 0 ? one.length : mismatch;
    }

    int[] prefix(int length) {
        return Arrays.copyOf(tokens, length);
    }
}
