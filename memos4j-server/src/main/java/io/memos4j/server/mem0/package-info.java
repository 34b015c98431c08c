/** The wire protocols of mem0: its self-hosted server and its platform. */
@NullMarked
package io.memos4j.server.mem0;

import org.jspecify.annotations.NullMarked;
