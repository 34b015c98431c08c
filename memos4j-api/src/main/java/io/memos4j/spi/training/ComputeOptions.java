package io.memos4j.spi.training;

import io.memos4j.api.MemoryException;

/**
 * Device, precision and threads of a computation.
 *
 * @param device the processor or a graphics card
 * @param precision of the base model; what is trained is always {@link Precision#F32}
 * @param threads of the processor, 1 to {@value #MAX_THREADS}
 */
public record ComputeOptions(Device device, Precision precision, int threads) {
    public static final int MAX_THREADS = 256;

    /** Devices that compute. */
    public enum Device {
        CPU,
        /** The first CUDA device. */
        GPU
    }

    /** Numbers of a model. */
    public enum Precision {
        F32,
        /** Half the memory of {@link #F32}, its range, 8 bits of precision. */
        BF16
    }

    public ComputeOptions {
        if (threads < 1 || threads > MAX_THREADS) {
            throw MemoryException.invalid("threads must be 1 to " + MAX_THREADS + " (was " + threads + ").");
        }
    }

    /**
     * The processor in F32, with half of its threads: those of numerical libraries spin while they wait, and where
     * other work needs the processor too, all of them are slower than one.
     */
    public static ComputeOptions processor() {
        int half = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        return new ComputeOptions(Device.CPU, Precision.F32, Math.min(half, MAX_THREADS));
    }

    public ComputeOptions device(Device newDevice) {
        return new ComputeOptions(newDevice, precision, threads);
    }

    public ComputeOptions precision(Precision newPrecision) {
        return new ComputeOptions(device, newPrecision, threads);
    }

    public ComputeOptions threads(int newThreads) {
        return new ComputeOptions(device, precision, newThreads);
    }
}
