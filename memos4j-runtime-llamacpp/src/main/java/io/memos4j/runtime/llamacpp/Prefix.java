package io.memos4j.runtime.llamacpp;

/**
 * What a sequence stands for.
 *
 * @param tokens not changed by anybody
 * @param mix the adapters that they are computed with
 */
record Prefix(int[] tokens, Mix mix) {
    int length() {
        return tokens.length;
    }

    Prefix with(int[] newTokens) {
        return new Prefix(newTokens, mix);
    }
}
