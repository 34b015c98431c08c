/**
 * Parametric memory: which memories are taught to a model, how they are turned into training data, the examination of
 * what was trained, which adapters answer a question, and unlearning.
 */
@NullMarked
package io.memos4j.core.adapters;

import org.jspecify.annotations.NullMarked;
