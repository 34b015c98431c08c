/** An OpenAI-compatible proxy that remembers: recalls before a call, forwards it, captures after. */
@NullMarked
package io.memos4j.server.proxy;

import org.jspecify.annotations.NullMarked;
