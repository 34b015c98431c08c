/** TODO io.memos4j.testkit.models. */
@NullMarked
package io.memos4j.testkit.models;

import org.jspecify.annotations.NullMarked;
