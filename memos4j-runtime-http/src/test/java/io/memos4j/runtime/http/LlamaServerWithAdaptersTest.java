package io.memos4j.runtime.http;

/**
 * The contract against a scripted llama-server that has adapters, applied to all requests that name none, and copies
 * slots into memory: neither may show.
 */
class LlamaServerWithAdaptersTest extends LlamaServerTest {
    @Override
    void prepare(ScriptedLlamaServer server) {
        server.startWith("/adapters/one.gguf", "/adapters/two.gguf");
        server.keepInMemory();
    }
}
