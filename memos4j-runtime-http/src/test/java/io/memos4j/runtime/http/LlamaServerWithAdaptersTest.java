package io.memos4j.runtime.http;

/**
 * The contract against a scripted llama-server that has adapters, set for all requests that name none, and copies slots
 * into memory: nothing of that may show.
 */
class LlamaServerWithAdaptersTest extends LlamaServerTest {
    @Override
    void prepare(ScriptedLlamaServer server) {
        server.startWith("/adapters/one.gguf", "/adapters/two.gguf");
        server.keepInMemory();
    }
}
