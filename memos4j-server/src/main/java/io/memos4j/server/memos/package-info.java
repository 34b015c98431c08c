/**
 * The wire protocols of MemOS: its self-hosted server under {@code /product}, its cloud under {@code /api/openmem/v1}.
 */
@NullMarked
package io.memos4j.server.memos;

import org.jspecify.annotations.NullMarked;
