/** llama.cpp in process: a model whose computed prefixes are kept, forked, saved and restored. */
@NullMarked
package io.memos4j.runtime.llamacpp;

import org.jspecify.annotations.NullMarked;
