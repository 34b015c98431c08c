/** Contracts of model runtimes and adapters, and an in-memory runtime that recites what it was taught. */
@NullMarked
package io.memos4j.testkit.runtime;

import org.jspecify.annotations.NullMarked;
