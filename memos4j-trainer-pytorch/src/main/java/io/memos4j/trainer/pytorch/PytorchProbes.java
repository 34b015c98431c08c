package io.memos4j.trainer.pytorch;

import io.memos4j.spi.training.ModelProbe;
import io.memos4j.spi.training.ModelProbeProvider;

/** Opens models with libtorch, computed by the same code that trains their adapters. */
public final class PytorchProbes implements ModelProbeProvider {
    @Override
    public ModelProbe open(Model model) {
        TorchThread thread = new TorchThread("memos4j-probe", model.compute().threads());
        try {
            return thread.call(stopped -> new PytorchProbe(thread, model));
        } catch (RuntimeException e) {
            thread.close();
            throw e;
        }
    }
}
