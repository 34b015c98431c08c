package io.memos4j.spi.kvcache;

import io.memos4j.api.CubeId;
import java.util.List;

/** Takes memories into another kind of memory: the activations or the parameters of a model. Thread-safe. */
public interface PromotionTarget {
    /**
     * Offers memories, hottest first, perhaps none. What is taken is the target's decision; the same memories are
     * offered again later, as long as they stay hot and stable; what is offered no longer has cooled or changed.
     *
     * @throws io.memos4j.api.MemoryException if it cannot decide now; the offer is then repeated later
     */
    void offer(CubeId cube, List<PromotionCandidate> memories);
}
