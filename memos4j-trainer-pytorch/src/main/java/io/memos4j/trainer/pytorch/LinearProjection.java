package io.memos4j.trainer.pytorch;

import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * A matrix of a layer, with its bias and the change by an adapter.
 *
 * @param weight outputs × inputs
 * @param bias one number per output
 * @param lora the change by an adapter
 */
record LinearProjection(Tensor weight, Optional<Tensor> bias, Optional<LoraUpdate> lora) {
    Tensor apply(Tensor input) {
        Tensor output =
                torch.linear(input, weight, bias.map(TensorOptional::new).orElseGet(TensorOptional::new));
        return lora.map(change -> output.add(change.apply(input))).orElse(output);
    }
}
