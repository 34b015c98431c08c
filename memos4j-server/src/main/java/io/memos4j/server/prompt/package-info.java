/** How memories are shown to a language model. */
@NullMarked
package io.memos4j.server.prompt;

import org.jspecify.annotations.NullMarked;
