package io.memos4j.runtime.llamacpp;

import io.memos4j.spi.ActivationRuntime;
import io.memos4j.spi.CacheType;
import io.memos4j.spi.CacheTypes;
import io.memos4j.testkit.ActivationRuntimeContract;

class LlamaCppQ4Test extends ActivationRuntimeContract {
    @Override
    protected ActivationRuntime open() {
        return new LlamaCppProvider().open(TestModels.options().caches(CacheTypes.of(CacheType.Q4_0)));
    }
}
