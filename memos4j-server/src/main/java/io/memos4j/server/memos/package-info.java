/**
 * Facade for MemOS clients: the wire protocols of its self-hosted server ({@code /product}) and its cloud
 * ({@code /api/openmem/v1}).
 */
@NullMarked
package io.memos4j.server.memos;

import org.jspecify.annotations.NullMarked;
