/** Memory items: what can be added, edited, listed, filtered and deleted, and the results of doing so. */
@NullMarked
package io.memos4j.api.items;

import org.jspecify.annotations.NullMarked;
