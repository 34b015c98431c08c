package io.memos4j.core.kvcache;

import io.memos4j.spi.runtime.ActivationHandle;
import io.memos4j.spi.runtime.ActivationRuntime;
import io.memos4j.spi.runtime.AdapterMix;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The computing of a prompt, from what was there already to its end. Owns a handle; for one thread. */
final class PrefillSession implements AutoCloseable {
    private final ActivationRuntime runtime;
    private final PrefixCache cache;
    private final PrefillRate speed;
    private final AdapterMix with;
    private final int[] tokens;
    private @Nullable ActivationHandle handle;
    private int length;
    private int cached;
    private String tier = "";

    /** What it computes with. */
    record Means(ActivationRuntime runtime, PrefixCache cache, PrefillRate speed) {}

    /** @param with the adapters that compute it */
    PrefillSession(Means means, AdapterMix with, int[] tokens) {
        this.runtime = means.runtime;
        this.cache = means.cache;
        this.speed = means.speed;
        this.with = with;
        this.tokens = tokens;
    }

    /** Takes over what was there already; what it had before is closed. */
    void startFrom(ActivationHandle found, String where) {
        close();
        handle = found;
        length = found.tokens().length;
        cached = length;
        tier = where;
    }

    /** How far it has come. */
    int length() {
        return length;
    }

    /** How much was there already, and where. */
    int cached() {
        return cached;
    }

    String tier() {
        return tier;
    }

    /** Computes up to so many tokens. */
    ActivationHandle computeTo(int target) {
        ActivationHandle present = handle;
        long start = System.nanoTime();
        if (present == null) {
            present = cache.withEviction(() -> runtime.prefill(Arrays.copyOf(tokens, target), with));
            handle = present;
            speed.record(target, Duration.ofNanos(System.nanoTime() - start));
        } else if (target > length) {
            ActivationHandle grown = present;
            cache.withEviction(() -> {
                grown.extend(Arrays.copyOfRange(tokens, length, target));
                return target;
            });
            speed.record(target - length, Duration.ofNanos(System.nanoTime() - start));
        }
        length = Math.max(length, target);
        return present;
    }

    @Override
    public void close() {
        if (handle != null) {
            handle.close();
            handle = null;
        }
    }
}
