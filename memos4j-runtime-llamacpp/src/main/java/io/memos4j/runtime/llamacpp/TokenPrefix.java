package io.memos4j.runtime.llamacpp;

/**
 * The tokens of a sequence with their adapters.
 *
 * @param tokens never modified
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
