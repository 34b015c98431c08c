package io.memos4j.core.operator;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;

/** Counts tokens as the o200k_base tokenizer of current OpenAI models does; within some per cent of other models' counts. */
public final class Tokens {
    private Tokens() {}

    /** Loaded at the first count: the vocabulary takes memory that an idle process need not have. */
    private static final class Loaded {
        static final Encoding ENCODING = Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.O200K_BASE);
    }

    public static int count(String text) {
        return Loaded.ENCODING.countTokensOrdinary(text);
    }
}
