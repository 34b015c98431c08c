/** Access control: principals, API keys, grants and the audit log. */
@NullMarked
package io.memos4j.api.access;

import org.jspecify.annotations.NullMarked;
