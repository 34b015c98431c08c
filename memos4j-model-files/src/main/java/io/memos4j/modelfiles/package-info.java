/** Files of models and adapters: safetensors and GGUF, LoRA adapters in both, and what is refused in them. */
@NullMarked
package io.memos4j.modelfiles;

import org.jspecify.annotations.NullMarked;
