package io.memos4j.spi.runtime;

/** The types of the two halves of a KV cache. */
public record KvCacheTypes(KvCacheType keys, KvCacheType values) {
    /** Keys and values alike. */
    public static KvCacheTypes of(KvCacheType both) {
        return new KvCacheTypes(both, both);
    }
}
