/** What all surfaces of the server have in common: the route table, who may call what, bodies, errors, limits. */
@NullMarked
package io.memos4j.server.http;

import org.jspecify.annotations.NullMarked;
