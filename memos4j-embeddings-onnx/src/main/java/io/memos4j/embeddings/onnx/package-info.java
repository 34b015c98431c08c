/** In-process sentence embeddings on ONNX Runtime with a bundled model. */
@NullMarked
package io.memos4j.embeddings.onnx;

import org.jspecify.annotations.NullMarked;
