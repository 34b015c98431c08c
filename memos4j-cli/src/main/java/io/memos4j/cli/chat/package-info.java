/** TODO io.memos4j.cli.chat. */
@NullMarked
package io.memos4j.cli.chat;

import org.jspecify.annotations.NullMarked;
