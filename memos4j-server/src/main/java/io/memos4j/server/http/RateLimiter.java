package io.memos4j.server.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.function.LongSupplier;

/** A token bucket for each key: so many calls a second, and that many at once after a pause. Thread-safe. */
final class RateLimiter {
    private static final int BUCKETS = 100_000;
    private static final double NANOS = 1e9;

    private final int perSecond;
    private final LongSupplier nanos;
    private final Cache<String, Bucket> buckets = Caffeine.newBuilder()
            .maximumSize(BUCKETS)
            .expireAfterAccess(Duration.ofMinutes(1))
            .build();

    private static final class Bucket {
        private double tokens;
        private long at;
    }

    /** {@code perSecond} calls; 0 for no limit. */
    RateLimiter(int perSecond, LongSupplier nanos) {
        this.perSecond = perSecond;
        this.nanos = nanos;
    }

    /** Takes a call off the bucket; how many seconds to wait if it is empty, else 0. */
    long acquire(String key) {
        if (perSecond == 0) {
            return 0;
        }
        Bucket bucket = buckets.get(key, each -> full());
        synchronized (bucket) {
            long now = nanos.getAsLong();
            bucket.tokens = Math.min(perSecond, bucket.tokens + (now - bucket.at) / NANOS * perSecond);
            bucket.at = now;
            if (bucket.tokens < 1) {
                return 1;
            }
            bucket.tokens--;
            return 0;
        }
    }

    private Bucket full() {
        Bucket bucket = new Bucket();
        bucket.tokens = perSecond;
        bucket.at = nanos.getAsLong();
        return bucket;
    }
}
