/** The cube index on Lucene: lexical and vector search, rebuilt from the vault. */
@NullMarked
package io.memos4j.index.lucene;

import org.jspecify.annotations.NullMarked;
