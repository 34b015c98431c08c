/** The contract of embedders, a deterministic embedder, and a scripted model provider. */
@NullMarked
package io.memos4j.testkit.models;

import org.jspecify.annotations.NullMarked;
