/** Access control: principals, API keys, grants, the audit log, and the actor of each thread. */
@NullMarked
package io.memos4j.core.access;

import org.jspecify.annotations.NullMarked;
