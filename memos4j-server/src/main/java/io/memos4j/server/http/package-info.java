/** The HTTP server: route table, authentication and authorization, request bodies, error responses, limits. */
@NullMarked
package io.memos4j.server.http;

import org.jspecify.annotations.NullMarked;
