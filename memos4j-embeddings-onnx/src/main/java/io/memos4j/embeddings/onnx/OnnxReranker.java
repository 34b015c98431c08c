package io.memos4j.embeddings.onnx;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.nativecalls.NativeCallGuard;
import io.memos4j.spi.models.Reranker;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Reranks in process with ONNX Runtime and a custom cross-encoder. Thread-safe.
 *
 * <p>The model is a sequence classifier in the manner of BERT or XLM-RoBERTa, for example {@code bge-reranker-base},
 * with its Hugging Face {@code tokenizer.json}. Its inputs are {@code input_ids}, {@code attention_mask} and optionally
 * {@code token_type_ids}. It outputs one logit per pair, which is the score, or two, whose difference is the score.
 * Scores may be negative.
 *
 * <p>Query and text share the model's window. The query keeps its first tokens, up to half of the window; the text gets
 * the rest, and its end is cut.
 *
 * <p>Texts are scored one after the other, each with the threads of the machine, up to 8. The timeout is checked before
 * each text: a run that has begun is finished, so a call may exceed its timeout by one run. Closing waits for running
 * calls, and so does the exit of the JVM.
 */
public final class OnnxReranker implements Reranker {
    private static final int WINDOW = 512;

    private final String id;
    private final PairTokenizer tokenizer;
    private final CrossEncoder model;
    private final NativeCallGuard guard;

    private OnnxReranker(String id, PairTokenizer tokenizer, CrossEncoder model) {
        this.id = id;
        this.tokenizer = tokenizer;
        this.model = model;
        this.guard = new NativeCallGuard(InferenceTask.RERANKING.actorName(), () -> {
            model.close();
            tokenizer.close();
        });
    }

    /**
     * Loads a cross-encoder with a window of 512 tokens.
     *
     * @throws MemoryException as {@link #open(Path, Path, int)}
     */
    public static OnnxReranker open(Path model, Path tokenizer) {
        return open(model, tokenizer, WINDOW);
    }

    /**
     * Loads a cross-encoder. Its identity is the name of the file and the hash of all that shapes its scores.
     *
     * @param model the ONNX file; weights in files beside it are found
     * @param tokenizer the {@code tokenizer.json}
     * @param maxTokens the window, special tokens included; not more than the model was built for
     * @throws MemoryException with {@link ErrorCode#INVALID_CONFIGURATION} if a file is missing or invalid, or if the
     *     window is too small
     */
    public static OnnxReranker open(Path model, Path tokenizer, int maxTokens) {
        String weights = new OnnxModelFile(model, "model").hash();
        byte[] json = new OnnxModelFile(tokenizer, "tokenizer").read();
        String id = model.getFileName() + "/"
                + OnnxModelFile.hash(weights + "\n" + OnnxModelFile.hash(json) + "\n" + maxTokens);
        PairTokenizer pairs = new PairTokenizer(new ByteArrayInputStream(json), maxTokens, tokenizer.toString());
        try {
            return new OnnxReranker(id, pairs, new CrossEncoder(model));
        } catch (RuntimeException e) {
            pairs.close();
            throw e;
        }
    }

    @Override
    public String id() {
        return id;
    }

    /**
     * {@inheritDoc}
     *
     * @throws MemoryException with {@link ErrorCode#TIMEOUT}, {@link ErrorCode#MODEL_FAILED}; with
     *     {@link ErrorCode#INTERRUPTED}, the flag of the thread still set; with {@link ErrorCode#CLOSED}
     */
    @Override
    public List<Double> score(String query, List<String> texts, Duration timeout) {
        long start = System.nanoTime();
        if (texts.isEmpty()) {
            return List.of();
        }
        return guard.call(() -> {
            long[] asked = tokenizer.query(query);
            List<Double> scores = new ArrayList<>(texts.size());
            for (String text : texts) {
                check(start, timeout);
                scores.add(model.score(tokenizer.pair(asked, text)));
            }
            return List.copyOf(scores);
        });
    }

    private void check(long start, Duration timeout) {
        if (Thread.currentThread().isInterrupted()) {
            throw new MemoryException(ErrorCode.INTERRUPTED, "Interrupted while " + id + " scored texts.");
        }
        if (Duration.ofNanos(System.nanoTime() - start).compareTo(timeout) >= 0) {
            throw new MemoryException(
                    ErrorCode.TIMEOUT,
                    id + " did not score all texts within " + timeout.toMillis()
                            + " ms. Allow more time, or rerank fewer texts.");
        }
    }

    @Override
    public void close() {
        guard.close();
    }
}
