package io.memos4j.runtime.http;

import io.memos4j.spi.ActivationCapabilities;
import io.memos4j.spi.ActivationManifest;
import io.memos4j.spi.AdapterFiles;
import io.memos4j.spi.AdapterMix;
import io.memos4j.spi.ChatTurn;
import io.memos4j.spi.Generation.End;
import io.memos4j.spi.GenerationOptions;
import io.memos4j.spi.ModelIdentity;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * What one kind of server does for handles. Thread-safe. A place is the number of a handle: one call at a time is at work on it.
 *
 * <p>Tokens are computed as far as the handle has them, but for the last: see {@link HttpHandle}.
 */
interface Server {
    ActivationCapabilities capabilities();

    ModelIdentity model();

    /**
     * The token ids of a text.
     *
     * @param start whether to begin with the token that begins texts
     * @param control whether names of control tokens become these
     */
    int[] tokenize(String text, boolean start, boolean control, Call call);

    int[] tokenize(List<ChatTurn> conversation, boolean answerNext, Call call);

    String detokenize(int[] tokens, Call call);

    /** Computes tokens, at least one, and returns how many of them were computed already. */
    int compute(Site site);

    /** Gives the tokens of a site to another place, and returns how many of them need not be computed for that. */
    int share(Site site, int target);

    /**
     * Continues the text; {@link Continuation#room} says for how long at most.
     *
     * @param site all tokens of the handle
     */
    End generate(Site site, GenerationOptions.Sampling sampling, Continuation continuation);

    ActivationManifest save(Site site, int[] all, Path file);

    /** Reads into a place what was saved for all but the last of these tokens, and returns them all. */
    int[] restore(int place, Path file, Call call);

    /**
     * Makes an adapter ready, also one that is ready already.
     *
     * @throws io.memos4j.api.MemoryException as {@link io.memos4j.spi.ActivationRuntime#load}
     */
    void load(AdapterFiles adapter, Call call);

    /** Takes an adapter away, if the server can. */
    void unload(String hash, Call call);

    /** Forgets what a place holds, as far as the server can. */
    void release(int place, Call call);

    /** Whether equal beginnings of handles are held once. */
    boolean sharesBeginnings();

    /**
     * Tokens at a place.
     *
     * @param adapters that they are computed with
     * @param call who asks
     */
    record Site(int place, int[] tokens, AdapterMix adapters, Call call) {
        Site tokens(int[] newTokens) {
            return new Site(place, newTokens, adapters, call);
        }

        Site place(int newPlace) {
            return new Site(newPlace, tokens, adapters, call);
        }

        /** All tokens but the last. */
        Site beginning() {
            return tokens(Arrays.copyOf(tokens, tokens.length - 1));
        }
    }
}
