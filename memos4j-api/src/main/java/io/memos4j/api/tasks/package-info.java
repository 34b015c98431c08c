/** Background tasks and their scheduler. */
@NullMarked
package io.memos4j.api.tasks;

import org.jspecify.annotations.NullMarked;
