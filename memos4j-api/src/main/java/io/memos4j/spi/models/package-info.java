/** Models that the engine calls: embedders, rerankers, language models and chat models. */
@NullMarked
package io.memos4j.spi.models;

import org.jspecify.annotations.NullMarked;
