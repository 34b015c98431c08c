/** Reads, writes and validates files of models and adapters: safetensors, GGUF, and LoRA in both. */
@NullMarked
package io.memos4j.modelfiles;

import org.jspecify.annotations.NullMarked;
