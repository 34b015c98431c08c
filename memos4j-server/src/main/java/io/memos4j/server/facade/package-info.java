/** What the facades for clients of other memory servers have in common. */
@NullMarked
package io.memos4j.server.facade;

import org.jspecify.annotations.NullMarked;
