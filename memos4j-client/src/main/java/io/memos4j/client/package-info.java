/**
 * A client of a memory server; start with {@link io.memos4j.client.MemoryClient}. Records may gain components in later
 * releases: read them by name, and build requests with their methods.
 */
@NullMarked
package io.memos4j.client;

import org.jspecify.annotations.NullMarked;
