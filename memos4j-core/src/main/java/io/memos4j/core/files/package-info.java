/** Private directories on disk. */
@NullMarked
package io.memos4j.core.files;

import org.jspecify.annotations.NullMarked;
