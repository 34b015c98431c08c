/** The task queue: leases tasks from the vault, runs and retries them. */
@NullMarked
package io.memos4j.core.tasks;

import org.jspecify.annotations.NullMarked;
