package io.memos4j.runtime.llamacpp;

import io.memos4j.spi.runtime.ActivationRuntime;
import io.memos4j.testkit.runtime.AdapterRefusalContract;
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
