package io.memos4j.trainer.pytorch;

import org.bytedeco.pytorch.Tensor;

/** Keys and values of the tokens before, in one layer: batch × heads × tokens × width of a head. */
interface AttentionCache {
    /** Before the first token there is nothing, and nothing is kept: for training, and for whole texts. */
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

    /** Keys of all tokens up to these. */
    Tensor keys(Tensor fresh);

    /** Values of all tokens up to these. */
    Tensor values(Tensor fresh);
}
