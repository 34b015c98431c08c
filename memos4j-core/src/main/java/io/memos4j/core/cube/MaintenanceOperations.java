package io.memos4j.core.cube;

import io.memos4j.core.adapters.AdapterService;
import io.memos4j.core.kvcache.KvCacheService;
import io.memos4j.core.tasks.DefaultMemScheduler;

/**
 * The operations on a cube as a whole and on the forms derived from its items; one set an engine, shared by its cubes.
 */
public record MaintenanceOperations(
        IndexOperations indexing,
        EraseOperation erasure,
        ExtractOperation extraction,
        DefaultMemScheduler tasks,
        KvCacheService kvCache,
        AdapterService adapters) {}
