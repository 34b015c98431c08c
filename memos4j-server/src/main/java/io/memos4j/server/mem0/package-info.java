/** Facade for mem0 clients: the wire protocols of its self-hosted server and its hosted platform. */
@NullMarked
package io.memos4j.server.mem0;

import org.jspecify.annotations.NullMarked;
