package io.memos4j.runtime.llamacpp;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.internal.Sha256Hash;
import io.memos4j.modelfiles.BaseModel;
import io.memos4j.modelfiles.GgufFile;
import io.memos4j.modelfiles.LoraAdapter;
import io.memos4j.spi.runtime.ActivationOptions;
import io.memos4j.spi.runtime.AdapterFiles;
import io.memos4j.spi.runtime.AdapterSupport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;

/** Decides which adapters a model supports, and checks their files before llama.cpp reads them. */
final class AdapterCompatibility {
    /**
     * Matrix types that build 4916 repacks for the processor, Q4_0 and IQ4_NL, as {@code ggml.h} numbers them. It would
     * repack the adapter too and abort the process; later builds do not.
     */
    private static final Set<Integer> LAID_OUT_ANEW = Set.of(2, 20);

    /** The limit on nodes in llama.cpp's graph; it aborts the process beyond that. */
    private static final int GRAPH_NODES = 1 << 16;

    /** More nodes than a layer of any model has without adapters. */
    private static final int LAYER_NODES = 128;

    /** Nodes of an adapter in a layer: two products, a scale, a sum and the two factors, for each of seven matrices. */
    private static final int ADAPTER_NODES = 6 * 7;

    private static final int MOST_TOGETHER = 16;

    private final Optional<BaseModel> base;
    private final String reason;

    private AdapterCompatibility(Optional<BaseModel> base, String reason) {
        this.base = base;
        this.reason = reason;
    }

    /** Inspects a model. */
    static AdapterCompatibility of(ActivationOptions options) {
        Path file = options.model();
        try (GgufFile model = GgufFile.open(file)) {
            if (!Collections.disjoint(model.types(), LAID_OUT_ANEW)) {
                return none("it has matrices of type Q4_0 or IQ4_NL, with which llama.cpp b" + LlamaAbi.BUILD
                        + " cannot apply any. Use the model as Q8_0, Q4_K_M or F16.");
            }
            return new AdapterCompatibility(Optional.of(BaseModel.ofGguf(file)), "");
        } catch (MemoryException e) {
            return none("it is not of the families Llama or Qwen2.");
        }
    }

    private static AdapterCompatibility none(String reason) {
        return new AdapterCompatibility(Optional.empty(), reason);
    }

    AdapterSupport support() {
        return base.map(model -> new AdapterSupport(maxAdapters(model.layers()), true))
                .orElse(AdapterSupport.NONE);
    }

    /** The most adapters that fit into the graph. */
    private static int maxAdapters(int layers) {
        return Math.clamp((GRAPH_NODES / layers - LAYER_NODES) / ADAPTER_NODES, 0, MOST_TOGETHER);
    }

    /** Refuses a file that does not match its hash, or that is not an adapter of the model. */
    void check(AdapterFiles files) {
        BaseModel model = base.orElseThrow(
                () -> new MemoryException(ErrorCode.UNSUPPORTED, "The open model supports no adapters: " + reason));
        String hash = hash(files);
        if (!hash.equals(files.hash())) {
            throw new MemoryException(
                    ErrorCode.ADAPTER_REFUSED,
                    "Cannot use the adapter " + files.gguf() + ": its SHA-256 is " + hash + ", not " + files.hash()
                            + ". It was changed or replaced; use the file that was evaluated.");
        }
        LoraAdapter.readGguf(files.gguf(), model).close();
    }

    private static String hash(AdapterFiles files) {
        try {
            return Sha256Hash.of(files.gguf());
        } catch (IOException e) {
            throw new MemoryException(
                    ErrorCode.ADAPTER_REFUSED,
                    "Cannot read the adapter " + files.gguf() + ": " + e.getMessage() + ".",
                    e);
        }
    }
}
