package io.memos4j.spi.runtime;

/**
 * The sizes of a model that a KV cache depends on.
 *
 * @param contextLength tokens that the model was trained for
 * @param vocabulary token ids are 0 to this, exclusive
 * @param layers number of layers
 * @param cacheHeads heads of keys and values in a layer, the most that a layer has
 * @param keyWidth numbers of one key head, for one token
 * @param valueWidth numbers of one value head, for one token
 */
public record ModelShape(int contextLength, int vocabulary, int layers, int cacheHeads, int keyWidth, int valueWidth) {
    /** Bytes that the cache of one token has, without what describes it. */
    public long bytesPerToken(KvCacheTypes types) {
        return (long) layers
                * cacheHeads
                * (types.keys().bytes(keyWidth) + types.values().bytes(valueWidth));
    }
}
