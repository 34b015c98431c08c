/** How memories are shown to a language model. */
@NullMarked
package io.memos4j.core.prompt;

import org.jspecify.annotations.NullMarked;
