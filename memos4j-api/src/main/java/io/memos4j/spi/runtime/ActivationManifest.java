package io.memos4j.spi.runtime;

import io.memos4j.internal.Sha256Hash;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Manifest of a saved KV cache.
 *
 * @param model whose cache it is
 * @param caches the types of the cache
 * @param runtime kind and build of the runtime that saved it, see {@link ActivationCapabilities#runtime}
 * @param tokens how many tokens it stands for, at least 1
 * @param tokensHash of these tokens, see {@link #hashOf}
 * @param stateBytes size of the cache within the file
 */
public record ActivationManifest(
        ModelIdentity model, KvCacheTypes caches, String runtime, int tokens, String tokensHash, long stateBytes) {

    /** One sentence for each reason why a runtime with these cannot take the saved activation; none if it can. */
    public List<String> mismatches(ModelIdentity openModel, ActivationCapabilities capabilities) {
        List<String> reasons = new ArrayList<>(model.differences(openModel));
        if (!caches.equals(capabilities.inUse())) {
            reasons.add("The cache has " + shown(caches) + ", not " + shown(capabilities.inUse()) + ".");
        }
        if (!runtime.equals(capabilities.runtime())) {
            reasons.add("It was saved by " + runtime + ", this is " + capabilities.runtime() + ".");
        }
        return reasons;
    }

    private static String shown(KvCacheTypes types) {
        return types.keys() + " keys and " + types.values() + " values";
    }

    /** The SHA-256 of token ids, each as four bytes, the most significant first; lower-case hexadecimal. */
    public static String hashOf(int[] tokens) {
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(tokens.length, Integer.BYTES));
        bytes.asIntBuffer().put(tokens);
        return Sha256Hash.of(bytes.array());
    }
}
