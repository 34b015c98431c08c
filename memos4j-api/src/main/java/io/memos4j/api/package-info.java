/** Records and interfaces of memos4j; no dependency but JSpecify. */
@NullMarked
package io.memos4j.api;

import org.jspecify.annotations.NullMarked;
