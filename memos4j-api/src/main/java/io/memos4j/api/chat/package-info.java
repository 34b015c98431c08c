/** TODO io.memos4j.api.chat. */
@NullMarked
package io.memos4j.api.chat;

import org.jspecify.annotations.NullMarked;
