/** Commands that chat with a model and manage its KV caches. */
@NullMarked
package io.memos4j.cli.chat;

import org.jspecify.annotations.NullMarked;
