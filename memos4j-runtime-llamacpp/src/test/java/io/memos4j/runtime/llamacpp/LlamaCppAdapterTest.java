package io.memos4j.runtime.llamacpp;

import io.memos4j.spi.ActivationRuntime;
import io.memos4j.testkit.AdapterRefusalContract;
import java.nio.file.Path;

class LlamaCppAdapterTest extends AdapterRefusalContract {
    @Override
    protected ActivationRuntime open() {
        return new LlamaCppProvider().open(TestModels.options());
    }

    @Override
    protected Path model() {
        return TestModels.tiny();
    }
}
