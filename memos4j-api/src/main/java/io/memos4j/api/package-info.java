/**
 * The public vocabulary of memos4j: cubes, items, requests, results and errors.
 *
 * <p>Everything here is an immutable value or an interface. No type of a third-party library appears in a signature.
 */
@NullMarked
package io.memos4j.api;

import org.jspecify.annotations.NullMarked;
