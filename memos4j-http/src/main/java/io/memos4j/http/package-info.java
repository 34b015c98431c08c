/**
 * The HTTP client that all modules share: {@link io.memos4j.http.HttpTransport} sends,
 * {@link io.memos4j.http.HttpResponseStream} reads within bounds, {@link io.memos4j.http.HttpRetrier} repeats,
 * {@link io.memos4j.http.HttpCallException} tells why a call failed. Internal: not an API for applications.
 */
@NullMarked
package io.memos4j.http;

import org.jspecify.annotations.NullMarked;
