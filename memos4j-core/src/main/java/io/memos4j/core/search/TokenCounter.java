package io.memos4j.core.search;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingRegistry;
import com.knuddels.jtokkit.api.EncodingType;
import io.memos4j.core.language.TextFunctionCache;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts the tokens of a text for a model; unknown models count as current OpenAI models. Thread-safe. */
public final class TokenCounter {
    private final TextFunctionCache<Integer> counts;

    private TokenCounter(Encoding encoding) {
        this.counts = new TextFunctionCache<>(encoding::countTokensOrdinary);
    }

    /** Defers loading to the first count, since a vocabulary takes memory that an idle process can do without. */
    private static final class Loaded {
        static final EncodingRegistry REGISTRY = Encodings.newLazyEncodingRegistry();
        static final TokenCounter DEFAULT = new TokenCounter(REGISTRY.getEncoding(EncodingType.O200K_BASE));
        static final Map<String, TokenCounter> OTHERS = new ConcurrentHashMap<>();
    }

    /** The counter for a model by its name, for example {@code gpt-4o-mini}. */
    public static TokenCounter forModel(String model) {
        return model.isEmpty()
                ? Loaded.DEFAULT
                : Loaded.REGISTRY
                        .getEncodingForModel(model)
                        .map(encoding ->
                                Loaded.OTHERS.computeIfAbsent(encoding.getName(), name -> new TokenCounter(encoding)))
                        .orElse(Loaded.DEFAULT);
    }

    public int count(String text) {
        return counts.apply(text);
    }
}
