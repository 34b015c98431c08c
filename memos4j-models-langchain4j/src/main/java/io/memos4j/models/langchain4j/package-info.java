/** Language models through LangChain4j; chat models with prompt caches and rerankers over HTTP. */
@NullMarked
package io.memos4j.models.langchain4j;

import org.jspecify.annotations.NullMarked;
