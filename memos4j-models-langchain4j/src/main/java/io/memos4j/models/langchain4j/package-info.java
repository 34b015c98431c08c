/** Language models through LangChain4j; chat models with prompt caching and rerankers over HTTP. */
@NullMarked
package io.memos4j.models.langchain4j;

import org.jspecify.annotations.NullMarked;
