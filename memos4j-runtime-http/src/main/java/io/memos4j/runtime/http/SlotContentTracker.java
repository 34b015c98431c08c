package io.memos4j.runtime.http;

import io.memos4j.spi.runtime.AdapterMix;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tracks the contents of llama-server's slots. Thread-safe; one call at a time for each slot.
 *
 * <p>llama-server empties a slot when a request has other adapters than the previous one. But unless it is started with
 * {@code --cache-ram 0}, it copies slots into a memory cache that compares tokens and not adapters, and fills a slot
 * from there when a request would keep less than half of it: the contents of one mix then continue with another. So
 * with adapters a slot is reused only if the request keeps most of its contents.
 */
final class SlotContentTracker {
    private static final double LEAST_KEPT = 0.75;

    /**
     * A slot.
     *
     * @param mix of its last request
     * @param tokens that it begins with
     * @param most the most tokens that it may hold
     */
    private record Slot(String mix, int[] tokens, int most) {}

    private final Map<Integer, Slot> slots = new ConcurrentHashMap<>();

    /** Tells whether a request may build on the contents of its slot. */
    boolean isReusable(InferenceServer.PlacedTokens site) {
        Slot slot = slots.get(site.place());
        if (slot == null || !slot.mix.equals(site.adapters().id())) {
            return false;
        }
        int mismatch = Arrays.mismatch(slot.tokens, site.tokens());
        int common = mismatch < 0 ? slot.tokens.length : mismatch;
        return common >= LEAST_KEPT * slot.most;
    }

    /** Tells whether the last request to a slot had these adapters. */
    boolean hasMix(int place, AdapterMix mix) {
        Slot slot = slots.get(place);
        return slot != null && slot.mix.equals(mix.id());
    }

    /** Notes that a slot holds these tokens, and at most {@code more} tokens after them. */
    void noteHeld(InferenceServer.PlacedTokens site, int more) {
        int[] tokens = site.tokens();
        slots.put(site.place(), new Slot(site.adapters().id(), tokens, tokens.length + more));
    }

    /** Notes that a request is about to change a slot. */
    void noteChanging(InferenceServer.PlacedTokens site) {
        slots.put(site.place(), new Slot(site.adapters().id(), new int[0], Integer.MAX_VALUE));
    }

    /** Notes that the contents of a slot are unknown. */
    void forget(int place) {
        slots.computeIfPresent(place, (any, slot) -> new Slot(slot.mix, new int[0], Integer.MAX_VALUE));
    }
}
