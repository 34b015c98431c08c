/** TODO io.memos4j.api.tasks. */
@NullMarked
package io.memos4j.api.tasks;

import org.jspecify.annotations.NullMarked;
