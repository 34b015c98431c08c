package io.memos4j.embeddings.onnx;

import io.memos4j.api.ErrorCode;

/** The purpose that a model is loaded for. */
enum InferenceTask {
    /** Many callers embed concurrently, so one thread per run is fastest. */
    EMBEDDING("embedder", "embedding model", ErrorCode.EMBEDDER_FAILED, 1),
    /** One search waits for all its candidates, run after run, so each run uses the threads of the machine. */
    RERANKING("reranker", "cross-encoder", ErrorCode.MODEL_FAILED, OnnxEmbedder.THREADS);

    private final String actorName;
    private final String modelNoun;
    private final ErrorCode failureCode;
    private final int threads;

    InferenceTask(String actor, String noun, ErrorCode failure, int threads) {
        this.actorName = actor;
        this.modelNoun = noun;
        this.failureCode = failure;
        this.threads = threads;
    }

    /** The component's name, for messages. */
    String actorName() {
        return actorName;
    }

    /** The model's kind, for messages. */
    String modelNoun() {
        return modelNoun;
    }

    /** The requirements on a file, for messages. */
    String expectedModel() {
        return switch (this) {
            case EMBEDDING -> "an ONNX sentence embedding model";
            case RERANKING ->
                "an ONNX cross-encoder, with the inputs input_ids, attention_mask and optionally token_type_ids"
                        + " and one or two logits for a pair";
        };
    }

    /** The code of a failed run. */
    ErrorCode failureCode() {
        return failureCode;
    }

    /** Threads of one run. */
    int threads() {
        return threads;
    }
}
