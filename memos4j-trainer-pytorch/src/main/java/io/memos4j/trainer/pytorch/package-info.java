/**
 * Training in process: adapters for models of the Llama, Qwen2 and Qwen3 families, and small models from scratch.
 *
 * <p>libtorch computes and differentiates; models, optimizer state and files are implemented here, so that a training
 * can stop at any moment and resume to the same weights.
 */
@NullMarked
package io.memos4j.trainer.pytorch;

import org.jspecify.annotations.NullMarked;
