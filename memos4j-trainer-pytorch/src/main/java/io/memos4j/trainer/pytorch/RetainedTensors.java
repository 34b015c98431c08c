package io.memos4j.trainer.pytorch;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * Tensors that outlive the {@link org.bytedeco.javacpp.PointerScope} in which they were created. Everything else is
 * freed with its scope, and each step of work has one, so that the native memory of a training does not grow with its
 * length.
 */
final class RetainedTensors implements AutoCloseable {
    private final List<Tensor> tensors = new ArrayList<>();

    Tensor retain(Tensor tensor) {
        tensors.add(tensor.retainReference());
        return tensor;
    }

    @Override
    public void close() {
        tensors.forEach(Tensor::releaseReference);
        tensors.clear();
    }
}
