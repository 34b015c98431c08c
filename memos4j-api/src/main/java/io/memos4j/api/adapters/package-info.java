/** TODO io.memos4j.api.adapters. */
@NullMarked
package io.memos4j.api.adapters;

import org.jspecify.annotations.NullMarked;
