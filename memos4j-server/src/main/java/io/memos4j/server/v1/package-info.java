/** The native API under {@code /v1}, as {@code openapi.yaml} describes it. */
@NullMarked
package io.memos4j.server.v1;

import org.jspecify.annotations.NullMarked;
