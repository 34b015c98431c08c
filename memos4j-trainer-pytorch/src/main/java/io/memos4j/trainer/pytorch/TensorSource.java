package io.memos4j.trainer.pytorch;

import org.bytedeco.pytorch.Tensor;

/** The weights of a model under their names in Hugging Face's format. */
interface TensorSource {
    boolean has(String name);

    /** Returns the weight of a name, which must have this shape. It lives as long as its source. */
    Tensor get(String name, long... shape);
}
