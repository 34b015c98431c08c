package io.memos4j.runtime.llamacpp;

import io.memos4j.spi.runtime.ActivationOptions;
import io.memos4j.spi.runtime.ActivationRuntime;
import io.memos4j.spi.runtime.ActivationRuntimeProvider;

/** Opens GGUF models with llama.cpp. */
public final class LlamaCppProvider implements ActivationRuntimeProvider {
    @Override
    public ActivationRuntime open(ActivationOptions options) {
        return LlamaCppRuntime.open(options);
    }
}
