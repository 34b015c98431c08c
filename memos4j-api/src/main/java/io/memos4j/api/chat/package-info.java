/** Conversations answered by a model with the help of memory. */
@NullMarked
package io.memos4j.api.chat;

import org.jspecify.annotations.NullMarked;
