/**
 * An OpenAI-compatible chat proxy with a memory: recalls memories before a request and remembers the conversation after
 * it.
 */
@NullMarked
package io.memos4j.server.proxy;

import org.jspecify.annotations.NullMarked;
