/** Parametric memory: low-rank adapters that carry memories in the parameters of a model. */
@NullMarked
package io.memos4j.api.adapters;

import org.jspecify.annotations.NullMarked;
