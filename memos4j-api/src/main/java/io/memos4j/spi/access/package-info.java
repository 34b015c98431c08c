/** Principals, keys, grants and the audit log in the vault. */
@NullMarked
package io.memos4j.spi.access;

import org.jspecify.annotations.NullMarked;
