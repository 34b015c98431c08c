/**
 * Parametric memory: selecting memories to train, generating training data, training and evaluating LoRA adapters,
 * routing questions to adapters, and unlearning.
 */
@NullMarked
package io.memos4j.core.adapters;

import org.jspecify.annotations.NullMarked;
