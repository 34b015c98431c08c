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
 * The operations of one kind of server. Thread-safe. A place is the number of a handle: one call at a time uses it.
 *
 * <p>All tokens of a handle but the last are computed: see {@link HttpActivationHandle}.
 */
interface InferenceServer {
    ActivationCapabilities capabilities();

    ModelIdentity model();

    /**
     * Tokenizes a text.
     *
     * @param start whether to begin with the start token
     * @param control whether names of control tokens become control tokens
     */
    int[] tokenize(String text, boolean start, boolean control, RuntimeCall call);

    int[] tokenize(List<ChatTurn> conversation, boolean answerNext, RuntimeCall call);

    String detokenize(int[] tokens, RuntimeCall call);

    /** Computes at least one token and returns how many of them were computed before. */
    int compute(PlacedTokens site);

    /** Gives the tokens of a place to another place, and returns how many of them need not be computed for that. */
    int share(PlacedTokens site, int target);

    /**
     * Continues the text, by at most {@link StreamedContinuation#remainingTokens} tokens.
     *
     * @param site all tokens of the handle
     */
    FinishReason generate(PlacedTokens site, GenerationOptions.Sampling sampling, StreamedContinuation continuation);

    ActivationManifest save(PlacedTokens site, int[] all, Path file);

    /** Restores the saved state of a place and returns its tokens; the state covers all of them but the last. */
    int[] restore(int place, Path file, RuntimeCall call);

    /**
     * Makes an adapter available; one that is available already stays so.
     *
     * @throws io.memos4j.api.MemoryException as {@link io.memos4j.spi.runtime.ActivationRuntime#load}
     */
    void load(AdapterFiles adapter, RuntimeCall call);

    /** Unloads an adapter, if the server can. */
    void unload(String hash, RuntimeCall call);

    /** Clears a place, as far as the server can. */
    void release(int place, RuntimeCall call);

    /** Tells whether the server holds equal prefixes of handles once. */
    boolean sharesPrefixes();

    /**
     * Tokens at a place.
     *
     * @param adapters the adapters that they are computed with
     * @param call the caller
     */
    record PlacedTokens(int place, int[] tokens, AdapterMix adapters, RuntimeCall call) {
        PlacedTokens tokens(int[] newTokens) {
            return new PlacedTokens(place, newTokens, adapters, call);
        }

        PlacedTokens place(int newPlace) {
            return new PlacedTokens(newPlace, tokens, adapters, call);
        }

        /** Drops the last token. */
        PlacedTokens withoutLastToken() {
            return tokens(Arrays.copyOf(tokens, tokens.length - 1));
        }
    }
}
