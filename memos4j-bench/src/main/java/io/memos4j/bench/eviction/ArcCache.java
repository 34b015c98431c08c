package io.memos4j.bench.eviction;

import io.memos4j.core.kvcache.CacheAccess;
import java.util.LinkedHashMap;

/**
 * ARC, "A Self-Tuning, Low Overhead Replacement Cache" (Megiddo and Modha, FAST 2003), with all lengths in bytes. For
 * equal sizes this is the algorithm of the paper; the generalization to unequal sizes is our own.
 */
final class ArcCache implements ReplayCache {
    private final Queue onceHeld = new Queue();
    private final Queue onceGhosts = new Queue();
    private final Queue oftenHeld = new Queue();
    private final Queue oftenGhosts = new Queue();
    private final long budget;
    private double target;

    ArcCache(long budget) {
        this.budget = budget;
    }

    @Override
    public boolean hit(CacheAccess<Integer> use) {
        int key = use.key();
        long size = use.size();
        if (size > budget) {
            return false;
        }
        if (onceHeld.remove(key) || oftenHeld.remove(key)) {
            oftenHeld.add(key, size);
            return true;
        }
        double once = Math.max(size, onceGhosts.bytes);
        double often = Math.max(size, oftenGhosts.bytes);
        if (onceGhosts.remove(key)) {
            target = Math.min(budget, target + Math.max(often / once, 1) * size);
            makeRoom(size, false);
            oftenHeld.add(key, size);
        } else if (oftenGhosts.remove(key)) {
            target = Math.max(0, target - Math.max(once / often, 1) * size);
            makeRoom(size, true);
            oftenHeld.add(key, size);
        } else {
            makeRoom(size, false);
            onceHeld.add(key, size);
            trim();
        }
        return false;
    }

    private void makeRoom(long size, boolean wasOften) {
        while (onceHeld.bytes + oftenHeld.bytes + size > budget) {
            boolean fromOnce = onceHeld.bytes > 0
                    && (onceHeld.bytes > target || (wasOften && onceHeld.bytes >= target) || oftenHeld.bytes == 0);
            if (fromOnce) {
                onceHeld.moveOldestTo(onceGhosts);
            } else {
                oftenHeld.moveOldestTo(oftenGhosts);
            }
        }
    }

    private void trim() {
        while (onceHeld.bytes + onceGhosts.bytes > budget && onceGhosts.bytes > 0) {
            onceGhosts.dropOldest();
        }
        while (onceHeld.bytes + onceGhosts.bytes + oftenHeld.bytes + oftenGhosts.bytes > 2 * budget
                && oftenGhosts.bytes > 0) {
            oftenGhosts.dropOldest();
        }
    }

    /** A queue of keys with their sizes, oldest first. */
    private static final class Queue {
        private final LinkedHashMap<Integer, Long> entries = new LinkedHashMap<>();
        private long bytes;

        void add(int key, long size) {
            entries.put(key, size);
            bytes += size;
        }

        boolean remove(int key) {
            Long size = entries.remove(key);
            bytes -= size == null ? 0 : size;
            return size != null;
        }

        void moveOldestTo(Queue other) {
            var oldest = entries.pollFirstEntry();
            bytes -= oldest.getValue();
            other.add(oldest.getKey(), oldest.getValue());
        }

        void dropOldest() {
            bytes -= entries.pollFirstEntry().getValue();
        }
    }
}
