/** Who may do what, and who did what: principals, keys, grants, the audit, and in whose name versions are made. */
@NullMarked
package io.memos4j.core.access;

import org.jspecify.annotations.NullMarked;
