package io.memos4j.server.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Limits requests with a token bucket for each key: N per second, and a burst of N after a pause. Thread-safe. */
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

    /** @param perSecond requests per second and key; 0 for no limit */
    RateLimiter(int perSecond, LongSupplier nanos) {
        this.perSecond = perSecond;
        this.nanos = nanos;
    }

    /** Takes a token; returns 0, or the seconds to wait if the bucket is empty. */
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
