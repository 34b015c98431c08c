package io.memos4j.api.chat;

import io.memos4j.api.CubeId;
import io.memos4j.api.Warning;
import io.memos4j.api.adapters.AdapterId;
import io.memos4j.api.search.SearchHit;
import java.time.Duration;
import java.util.List;

/**
 * The answer to a {@link ChatRequest}.
 *
 * @param text what the model said
 * @param complete whether the model came to its end; otherwise the bound or the reader ended it
 * @param adapters which adapters answered, strongest first, and why; none if the base alone did
 * @param memories what was recalled for the question, best first; the fixed start of every prompt is not included
 * @param usage what it took
 * @param warnings what was degraded, for example messages that did not fit
 */
public record ChatReply(
        String text,
        boolean complete,
        List<AdapterUse> adapters,
        List<SearchHit> memories,
        Usage usage,
        List<Warning> warnings) {
    public ChatReply {
        adapters = List.copyOf(adapters);
        memories = List.copyOf(memories);
        warnings = List.copyOf(warnings);
    }

    /**
     * An adapter that answered.
     *
     * @param cube whose it is
     * @param scale what its change was multiplied with; 1 is as trained
     * @param why what of the question it was taught, in a sentence
     */
    public record AdapterUse(CubeId cube, AdapterId adapter, double scale, String why) {}

    /**
     * Cost of an answer. Tokens are those of the model; a provider's model counts its own.
     *
     * @param promptTokens all that the model was given
     * @param cachedTokens of these, how many had been computed before
     * @param outputTokens of the answer
     * @param timeToFirstToken from the finished prompt to the first token: restoring, computing what is new, choosing
     * @param cache where the cached tokens came from, in words, for example {@code slot}
     */
    public record Usage(int promptTokens, int cachedTokens, int outputTokens, Duration timeToFirstToken, String cache) {
        /** Cached tokens of all prompt tokens, 0 to 1. */
        public double cachedShare() {
            return promptTokens == 0 ? 0 : (double) cachedTokens / promptTokens;
        }
    }
}
