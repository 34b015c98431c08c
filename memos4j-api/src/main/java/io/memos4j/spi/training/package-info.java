/** Training of adapters, and probing of the models that they were trained for. */
@NullMarked
package io.memos4j.spi.training;

import org.jspecify.annotations.NullMarked;
