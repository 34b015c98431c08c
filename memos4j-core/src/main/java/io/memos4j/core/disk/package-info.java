/** How folders are made and erased. */
@NullMarked
package io.memos4j.core.disk;

import org.jspecify.annotations.NullMarked;
