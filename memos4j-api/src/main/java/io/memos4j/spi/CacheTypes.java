package io.memos4j.spi;

/** The types of the two halves of a KV cache. */
public record CacheTypes(CacheType keys, CacheType values) {
    /** Keys and values alike. */
    public static CacheTypes of(CacheType both) {
        return new CacheTypes(both, both);
    }
}
