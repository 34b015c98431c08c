package io.memos4j.runtime.http;

import io.memos4j.spi.runtime.AdapterMix;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the slots of llama-server hold, as far as is known. Thread-safe; each slot for one call at a time.
 *
 * <p>llama-server empties a slot when a request has other adapters than the one before. But unless it is told not to
 * ({@code --cache-ram 0}) it copies slots into a cache in memory, where only tokens are compared and not adapters, and
 * fills a slot from there when a request would keep less than half of it: contents of one mix then go on with another
 * one. So where adapters are in play, nothing is to be reused unless most of what the slot holds is kept.
 */
final class SlotContentTracker {
    private static final double LEAST_KEPT = 0.75;

    /**
     * A slot.
     *
     * @param mix of its last request
     * @param tokens that it begins with
     * @param most how many tokens it may hold at most
     */
    private record Slot(String mix, int[] tokens, int most) {}

    private final Map<Integer, Slot> slots = new ConcurrentHashMap<>();

    /** Whether a request may build on what its slot holds. */
    boolean isReusable(InferenceServer.PlacedTokens site) {
        Slot slot = slots.get(site.place());
        if (slot == null || !slot.mix.equals(site.adapters().id())) {
            return false;
        }
        int mismatch = Arrays.mismatch(slot.tokens, site.tokens());
        int common = mismatch < 0 ? slot.tokens.length : mismatch;
        return common >= LEAST_KEPT * slot.most;
    }

    /** Whether the last request to a slot had these adapters. */
    boolean hasMix(int place, AdapterMix mix) {
        Slot slot = slots.get(place);
        return slot != null && slot.mix.equals(mix.id());
    }

    /** Notes that a slot holds the tokens of a site, and at most {@code more} tokens behind them. */
    void noteHeld(InferenceServer.PlacedTokens site, int more) {
        int[] tokens = site.tokens();
        slots.put(site.place(), new Slot(site.adapters().id(), tokens, tokens.length + more));
    }

    /** Notes that a request is about to change what a slot holds. */
    void noteChanging(InferenceServer.PlacedTokens site) {
        slots.put(site.place(), new Slot(site.adapters().id(), new int[0], Integer.MAX_VALUE));
    }

    /** Notes that it is not known what a slot holds. */
    void forget(int place) {
        slots.computeIfPresent(place, (any, slot) -> new Slot(slot.mix, new int[0], Integer.MAX_VALUE));
    }
}
