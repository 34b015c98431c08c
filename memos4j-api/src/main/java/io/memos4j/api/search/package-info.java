/** Search requests, hits and results. */
@NullMarked
package io.memos4j.api.search;

import org.jspecify.annotations.NullMarked;
