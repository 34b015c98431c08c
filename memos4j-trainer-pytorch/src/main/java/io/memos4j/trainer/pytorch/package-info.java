/**
 * Training in process: adapters for models of the Llama, Qwen2 and Qwen3 families, and small models from nothing.
 *
 * <p>libtorch computes and differentiates; the models, the optimiser's state and the files are written here, so that a
 * training can end at any moment and go on to the same weights.
 */
@NullMarked
package io.memos4j.trainer.pytorch;

import org.jspecify.annotations.NullMarked;
