package io.memos4j.trainer.pytorch;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.spi.training.ComputeOptions;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The device of tensors and the number type of a model there.
 *
 * @param device libtorch's name of it
 * @param type of a model's numbers; trained parameters always have 32 bits
 */
record TensorPlacement(String device, ScalarType type) {
    static TensorPlacement of(ComputeOptions compute) {
        ScalarType type = switch (compute.precision()) {
            case F32 -> ScalarType.Float;
            case BF16 -> ScalarType.BFloat16;
        };
        return switch (compute.device()) {
            case CPU -> new TensorPlacement("cpu", type);
            case GPU -> {
                if (!torch.cuda_is_available()) {
                    throw new MemoryException(
                            ErrorCode.UNSUPPORTED,
                            "There is no CUDA device, or libtorch was built without CUDA. Choose the CPU, or put the"
                                    + " GPU builds on the class path that the README of memos4j-train"
                                    + "er-pytorch names.");
                }
                yield new TensorPlacement("cuda:0", type);
            }
        };
    }

    /** Moves a tensor here and converts it to the model's number type. */
    Tensor convert(Tensor tensor) {
        return tensor.to(new Device(device), type);
    }

    /** Creates zeros of 32 bits. */
    Tensor zeros(long... shape) {
        return torch.zeros(shape, new TensorOptions(ScalarType.Float)).to(new Device(device), ScalarType.Float);
    }

    /** Creates zeros in the model's number type. */
    Tensor modelZeros(long... shape) {
        return convert(torch.zeros(shape, new TensorOptions(type)));
    }

    /** Creates a tensor of integers, such as token ids. */
    Tensor numbers(long[] values, long... shape) {
        return torch.tensor(values).view(shape).to(new Device(device), ScalarType.Long);
    }

    /** Creates a tensor from 32-bit floats, converted to the model's number type. */
    Tensor floats(float[] values, long... shape) {
        return convert(torch.tensor(values).view(shape));
    }
}
