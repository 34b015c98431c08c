package io.memos4j.core.kvcache;

import io.memos4j.spi.runtime.ActivationHandle;
import io.memos4j.spi.runtime.ActivationRuntime;
import io.memos4j.spi.runtime.AdapterMix;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Computes the tokens of one prompt, starting from a cached prefix if there is one. Owns a handle; for one thread. */
final class PrefillSession implements AutoCloseable {
    private final ActivationRuntime runtime;
    private final PrefixCache cache;
    private final PrefillRate prefillRate;
    private final AdapterMix with;
    private final int[] tokens;
    private @Nullable ActivationHandle handle;
    private int length;
    private int cached;
    private String tier = "";

    /** @param with the adapters to compute with */
    PrefillSession(
            ActivationRuntime runtime, PrefixCache cache, PrefillRate prefillRate, AdapterMix with, int[] tokens) {
        this.runtime = runtime;
        this.cache = cache;
        this.prefillRate = prefillRate;
        this.with = with;
        this.tokens = tokens;
    }

    /** Starts from a cached prefix; closes the handle it had before. */
    void startFrom(ActivationHandle found, String where) {
        close();
        handle = found;
        length = found.tokens().length;
        cached = length;
        tier = where;
    }

    /** Returns the number of tokens computed so far. */
    int length() {
        return length;
    }

    /** Returns the number of tokens that came from the cache. */
    int cached() {
        return cached;
    }

    /** Returns the tier that the cached tokens came from; empty if there were none. */
    String tier() {
        return tier;
    }

    /** Computes the prompt up to {@code target} tokens. */
    ActivationHandle computeTo(int target) {
        ActivationHandle present = handle;
        long start = System.nanoTime();
        if (present == null) {
            present = cache.withEviction(() -> runtime.prefill(Arrays.copyOf(tokens, target), with));
            handle = present;
            prefillRate.record(target, Duration.ofNanos(System.nanoTime() - start));
        } else if (target > length) {
            ActivationHandle grown = present;
            cache.withEviction(() -> {
                grown.extend(Arrays.copyOfRange(tokens, length, target));
                return target;
            });
            prefillRate.record(target - length, Duration.ofNanos(System.nanoTime() - start));
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
