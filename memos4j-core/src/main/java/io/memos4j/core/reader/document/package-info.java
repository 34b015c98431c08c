/** Documents: bytes to text and chunks. */
@org.jspecify.annotations.NullMarked
package io.memos4j.core.reader.document;
