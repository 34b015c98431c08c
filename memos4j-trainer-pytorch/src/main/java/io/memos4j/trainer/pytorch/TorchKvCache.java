package io.memos4j.trainer.pytorch;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** Keys and values of one text in all layers, for up to a fixed number of tokens. */
final class TorchKvCache implements AutoCloseable {
    private final RetainedTensors kept = new RetainedTensors();
    private final List<Row> layers = new ArrayList<>();
    private int tokens;

    TorchKvCache(TransformerConfig config, TensorPlacement placement, int room) {
        for (int i = 0; i < config.base().layers(); i++) {
            layers.add(new Row(
                    kept.retain(placement.modelZeros(
                            1, config.base().cacheHeads(), room, config.base().headWidth())),
                    kept.retain(placement.modelZeros(
                            1, config.base().cacheHeads(), room, config.base().headWidth()))));
        }
    }

    /** The number of tokens that it holds. */
    int tokens() {
        return tokens;
    }

    /** Counts tokens that every layer has appended. */
    void advance(int count) {
        tokens += count;
    }

    AttentionCache layer(int index) {
        return layers.get(index);
    }

    @Override
    public void close() {
        kept.close();
    }

    private final class Row implements AttentionCache {
        private final Tensor keys;
        private final Tensor values;

        Row(Tensor keys, Tensor values) {
            this.keys = keys;
            this.values = values;
        }

        @Override
        public Tensor keys(Tensor fresh) {
            return extended(keys, fresh);
        }

        @Override
        public Tensor values(Tensor fresh) {
            return extended(values, fresh);
        }

        private Tensor extended(Tensor room, Tensor fresh) {
            room.narrow(2, tokens, fresh.size(2)).copy_(fresh);
            return room.narrow(2, 0, tokens + fresh.size(2));
        }
    }
}
