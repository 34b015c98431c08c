package io.memos4j.runtime.llamacpp;

/**
 * What a sequence stands for.
 *
 * @param tokens not changed by anybody
 * @param mix the adapters that they are computed with
 */
record TokenPrefix(int[] tokens, EngineAdapterMix mix) {
    int length() {
        return tokens.length;
    }

    TokenPrefix with(int[] newTokens) {
        return new TokenPrefix(newTokens, mix);
    }
}
