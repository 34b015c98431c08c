/** The vault: durable storage behind one provider, read and written in transactions. */
@NullMarked
package io.memos4j.spi.vault;

import org.jspecify.annotations.NullMarked;
