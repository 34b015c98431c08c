package io.memos4j.trainer.pytorch;

import org.bytedeco.pytorch.Tensor;

/** Keys and values of the previous tokens in one layer: batch × heads × tokens × head width. */
interface AttentionCache {
    /** The cache before the first token, which keeps nothing: for training, and for whole texts. */
    AttentionCache NONE = new AttentionCache() {
        @Override
        public Tensor keys(Tensor fresh) {
            return fresh;
        }

        @Override
        public Tensor values(Tensor fresh) {
            return fresh;
        }
    };

    /** Appends keys and returns those of all tokens so far. */
    Tensor keys(Tensor fresh);

    /** Appends values and returns those of all tokens so far. */
    Tensor values(Tensor fresh);
}
