package io.memos4j.core.cube;

import io.memos4j.core.adapters.AdapterService;
import io.memos4j.core.kvcache.KvCacheService;
import io.memos4j.core.tasks.NotifyingVault;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.vault.VaultWriter;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Erases, after each write, the forms of memories that the write has made stale: prefixes in the KV cache and adapters.
 * Adapters that lost a source are queued for training. Thread-safe.
 */
public final class DerivedFormEraser implements NotifyingVault.CommitHook {
    private final KvCacheService kvCache;
    private final AdapterService adapters;
    private final TaskTriggers triggers;

    public DerivedFormEraser(KvCacheService kvCache, AdapterService adapters, TaskTriggers triggers) {
        this.kvCache = kvCache;
        this.adapters = adapters;
        this.triggers = triggers;
    }

    @Override
    public Optional<Runnable> afterChanges(VaultWriter writer) {
        for (CubeKey cube : adapters.cubesToRetrain(writer)) {
            triggers.onAdapterSuspended(writer, cube);
        }
        List<Runnable> all = Stream.of(kvCache.afterCommit(writer), adapters.afterCommit(writer))
                .flatMap(Optional::stream)
                .toList();
        return all.isEmpty() ? Optional.empty() : Optional.of(() -> all.forEach(Runnable::run));
    }
}
