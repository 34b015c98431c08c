package io.memos4j.spi.training;

import java.util.function.Predicate;

/**
 * Trains adapters on examples; found with {@link java.util.ServiceLoader}, or created by code that has the settings it
 * needs. Thread-safe; one training runs at a time, others wait.
 *
 * <p>What it reads is untrusted: a base that cannot be used is refused, never half read. What it writes is complete or
 * not there.
 */
public interface AdapterTrainer {
    /** The kind of trainer, for example {@code pytorch}. */
    String name();

    /**
     * Trains an adapter, which takes minutes or hours. An interrupted training resumes from its last checkpoint when
     * the same request is made again, to the same weights.
     *
     * @param sink takes the state after each step on the training thread, and returns true to continue; otherwise the
     *     training ends as if interrupted
     * @throws io.memos4j.api.MemoryException {@link io.memos4j.api.ErrorCode#MODEL_UNREADABLE} if the base or the
     *     adapter to go on from is missing, broken or of a kind that this trainer does not know;
     *     {@link io.memos4j.api.ErrorCode#INVALID_ARGUMENT} if the request does not fit the base, or the checkpoint
     *     belongs to another request; {@link io.memos4j.api.ErrorCode#TRAINING_DIVERGED} if the loss is no number any
     *     more; {@link io.memos4j.api.ErrorCode#INTERRUPTED} if the calling thread was interrupted or the sink ended
     *     it, with a checkpoint if the request has a folder for it; {@link io.memos4j.api.ErrorCode#UNSUPPORTED} if the
     *     device is not there; {@link io.memos4j.api.ErrorCode#STORAGE_FAILED};
     *     {@link io.memos4j.api.ErrorCode#RUNTIME_FAILED} if the engine failed or has no memory
     */
    TrainedAdapter train(TrainingRequest request, Predicate<TrainingProgress> sink);
}
