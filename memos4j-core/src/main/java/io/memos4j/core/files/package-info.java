/** How folders are made and erased. */
@NullMarked
package io.memos4j.core.files;

import org.jspecify.annotations.NullMarked;
