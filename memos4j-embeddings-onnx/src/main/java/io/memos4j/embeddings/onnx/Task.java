package io.memos4j.embeddings.onnx;

import io.memos4j.api.ErrorCode;

/** What a model is loaded for. */
enum Task {
    /** Many callers embed side by side, so one thread a run is the fastest. */
    EMBEDDING("embedder", "embedding model", ErrorCode.EMBEDDER_FAILED, 1),
    /** One search waits for all its candidates, one run after the other, so each run takes the threads of the machine. */
    RERANKING("reranker", "cross-encoder", ErrorCode.MODEL_FAILED, OnnxEmbedder.THREADS);

    private final String actor;
    private final String noun;
    private final ErrorCode failure;
    private final int threads;

    Task(String actor, String noun, ErrorCode failure, int threads) {
        this.actor = actor;
        this.noun = noun;
        this.failure = failure;
        this.threads = threads;
    }

    /** Who does it, for messages. */
    String actor() {
        return actor;
    }

    /** The model that does it, for messages. */
    String noun() {
        return noun;
    }

    /** What a file must be, for messages. */
    String wanted() {
        return switch (this) {
            case EMBEDDING -> "an ONNX sentence embedding model";
            case RERANKING ->
                "an ONNX cross-encoder, with the inputs input_ids, attention_mask and perhaps token_type_ids"
                        + " and one or two logits for a pair";
        };
    }

    /** The code of a failed run. */
    ErrorCode failure() {
        return failure;
    }

    /** Threads of one run. */
    int threads() {
        return threads;
    }
}
