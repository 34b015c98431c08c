package io.memos4j.runtime.llamacpp;

import io.memos4j.spi.ActivationRuntime;
import io.memos4j.spi.CacheType;
import io.memos4j.spi.CacheTypes;
import io.memos4j.testkit.ActivationRuntimeContract;

/** Saved files are compressed here. */
class LlamaCppQ8Test extends ActivationRuntimeContract {
    @Override
    protected ActivationRuntime open() {
        return new LlamaCppProvider()
                .open(TestModels.options().caches(CacheTypes.of(CacheType.Q8_0)).packed(true));
    }
}
