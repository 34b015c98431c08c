package io.memos4j.runtime.llamacpp;

import io.memos4j.spi.runtime.ActivationRuntime;
import io.memos4j.spi.runtime.KvCacheType;
import io.memos4j.spi.runtime.KvCacheTypes;
import io.memos4j.testkit.runtime.ActivationRuntimeContract;

/** The contract with compressed files. */
class LlamaCppQ8Test extends ActivationRuntimeContract {
    @Override
    protected ActivationRuntime open() {
        return new LlamaCppProvider()
                .open(TestModels.options()
                        .caches(KvCacheTypes.of(KvCacheType.Q8_0))
                        .packed(true));
    }
}
