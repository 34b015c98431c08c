package io.memos4j.trainer.pytorch;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The change of one matrix by an adapter: {@code scale · B · A}.
 *
 * @param down A, rank × inputs
 * @param up B, outputs × rank
 * @param scale alpha / rank, times the scale of the whole adapter
 */
record LoraUpdate(Tensor down, Tensor up, double scale) {
    /** Multiplies each row of the input, in the number type of the input. */
    Tensor apply(Tensor input) {
        Tensor inner = torch.linear(input, down.to(input.scalar_type())).mul(new Scalar(scale));
        return torch.linear(inner, up.to(input.scalar_type()));
    }
}
