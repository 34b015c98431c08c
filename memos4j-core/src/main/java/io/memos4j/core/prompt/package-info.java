/** The presentation of memories in prompts. */
@NullMarked
package io.memos4j.core.prompt;

import org.jspecify.annotations.NullMarked;
