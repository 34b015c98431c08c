package io.memos4j.core.search;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingRegistry;
import com.knuddels.jtokkit.api.EncodingType;
import io.memos4j.core.language.TextFunctionCache;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts tokens as a model does. Models that the tokenizer library does not know are counted as current OpenAI models.
 */
public final class TokenCounter {
    private final TextFunctionCache<Integer> counts;

    private TokenCounter(Encoding encoding) {
        this.counts = new TextFunctionCache<>(encoding::countTokensOrdinary);
    }

    /** Loaded at the first count: a vocabulary takes memory that an idle process need not have. */
    private static final class Loaded {
        static final EncodingRegistry REGISTRY = Encodings.newLazyEncodingRegistry();
        static final TokenCounter DEFAULT = new TokenCounter(REGISTRY.getEncoding(EncodingType.O200K_BASE));
        static final Map<String, TokenCounter> OTHERS = new ConcurrentHashMap<>();
    }

    /** The tokens of a model by its name, for example {@code gpt-4o-mini}. */
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
