/** Shared code of the facades for clients of other memory servers (mem0, MemOS). */
@NullMarked
package io.memos4j.server.facade;

import org.jspecify.annotations.NullMarked;
