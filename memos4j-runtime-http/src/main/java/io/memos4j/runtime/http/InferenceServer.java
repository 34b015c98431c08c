package io.memos4j.runtime.http;

import io.memos4j.spi.ChatTurn;
import io.memos4j.spi.runtime.ActivationCapabilities;
import io.memos4j.spi.runtime.ActivationManifest;
import io.memos4j.spi.runtime.AdapterFiles;
import io.memos4j.spi.runtime.AdapterMix;
import io.memos4j.spi.runtime.GenerationOptions;
import io.memos4j.spi.runtime.GenerationResult.FinishReason;
import io.memos4j.spi.runtime.ModelIdentity;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * What one kind of server does for handles. Thread-safe. A place is the number of a handle: one call at a time is at
 * work on it.
 *
 * <p>Tokens are computed as far as the handle has them, but for the last: see {@link HttpActivationHandle}.
 */
interface InferenceServer {
    ActivationCapabilities capabilities();

    ModelIdentity model();

    /**
     * The token ids of a text.
     *
     * @param start whether to begin with the token that begins texts
     * @param control whether names of control tokens become these
     */
    int[] tokenize(String text, boolean start, boolean control, RuntimeCall call);

    int[] tokenize(List<ChatTurn> conversation, boolean answerNext, RuntimeCall call);

    String detokenize(int[] tokens, RuntimeCall call);

    /** Computes tokens, at least one, and returns how many of them were computed already. */
    int compute(PlacedTokens site);

    /** Gives the tokens of a site to another place, and returns how many of them need not be computed for that. */
    int share(PlacedTokens site, int target);

    /**
     * Continues the text; {@link StreamedContinuation#remainingTokens} says for how long at most.
     *
     * @param site all tokens of the handle
     */
    FinishReason generate(PlacedTokens site, GenerationOptions.Sampling sampling, StreamedContinuation continuation);

    ActivationManifest save(PlacedTokens site, int[] all, Path file);

    /** Reads into a place what was saved for all but the last of these tokens, and returns them all. */
    int[] restore(int place, Path file, RuntimeCall call);

    /**
     * Makes an adapter ready, also one that is ready already.
     *
     * @throws io.memos4j.api.MemoryException as {@link io.memos4j.spi.runtime.ActivationRuntime#load}
     */
    void load(AdapterFiles adapter, RuntimeCall call);

    /** Takes an adapter away, if the server can. */
    void unload(String hash, RuntimeCall call);

    /** Forgets what a place holds, as far as the server can. */
    void release(int place, RuntimeCall call);

    /** Whether equal beginnings of handles are held once. */
    boolean sharesPrefixes();

    /**
     * Tokens at a place.
     *
     * @param adapters that they are computed with
     * @param call who asks
     */
    record PlacedTokens(int place, int[] tokens, AdapterMix adapters, RuntimeCall call) {
        PlacedTokens tokens(int[] newTokens) {
            return new PlacedTokens(place, newTokens, adapters, call);
        }

        PlacedTokens place(int newPlace) {
            return new PlacedTokens(newPlace, tokens, adapters, call);
        }

        /** All tokens but the last. */
        PlacedTokens withoutLastToken() {
            return tokens(Arrays.copyOf(tokens, tokens.length - 1));
        }
    }
}
