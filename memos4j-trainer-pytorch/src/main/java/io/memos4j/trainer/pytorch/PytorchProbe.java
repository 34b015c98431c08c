package io.memos4j.trainer.pytorch;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.spi.training.ModelProbe;
import io.memos4j.spi.training.ModelProbeProvider.Model;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.IntPredicate;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/** A model in libtorch that computes logits and greedy answers. All computation happens on its own thread. */
final class PytorchProbe implements ModelProbe {
    /** The number of rows of logits that are in native memory at once. */
    private static final int ROWS = 256;

    private final TorchThread thread;
    private final TensorPlacement placement;
    private final RetainedTensors kept = new RetainedTensors();
    private final Optional<TrainableAdapter> adapter;
    private final TorchTransformer model;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Loads the model; to be called on the thread. */
    PytorchProbe(TorchThread thread, Model asked) {
        this.thread = thread;
        this.placement = TensorPlacement.of(asked.compute());
        try (ModelFolder base = new ModelFolder(asked.base(), placement, kept)) {
            TransformerConfig config = base.config();
            this.adapter = asked.adapter().map(folder -> TrainableAdapter.read(folder, config.base(), placement));
            this.model = new TorchTransformer(
                    config,
                    placement,
                    base,
                    (layer, target) -> adapter.flatMap(each -> each.updateFor(layer, target, asked.scale())));
        } catch (RuntimeException e) {
            kept.close();
            throw e;
        }
    }

    @Override
    public float[][] logits(int[] tokens, int from) {
        check(tokens);
        if (from < 0 || from >= tokens.length) {
            throw MemoryException.invalid("from must be 0 to " + (tokens.length - 1) + " (was " + from + ").");
        }
        return thread.call(stopped -> {
            int width = model.config().vocabulary();
            float[][] rows = new float[tokens.length - from][];
            rows(tokens, from, stopped, (at, logits) -> {
                float[] values = numbers(logits);
                for (int i = 0; i * width < values.length; i++) {
                    rows[at - from + i] = Arrays.copyOfRange(values, i * width, (i + 1) * width);
                }
            });
            return rows;
        });
    }

    @Override
    public int[] generate(int[] prompt, int most, IntPredicate end) {
        check(prompt);
        if (most < 1) {
            throw MemoryException.invalid("most must be at least 1 (was " + most + ").");
        }
        int room = Math.min(most, model.config().context() - prompt.length);
        return thread.call(stopped -> generateTokens(prompt, room, end, stopped));
    }

    private int[] generateTokens(int[] prompt, int room, IntPredicate end, BooleanSupplier stopped) {
        int[] answer = new int[room];
        int[] next = prompt;
        try (NoGradGuard guard = new NoGradGuard();
                TorchKvCache cache = new TorchKvCache(model.config(), placement, prompt.length + room)) {
            for (int count = 0; count < room; count++) {
                requireNotStopped(stopped);
                int token = mostProbable(next, cache);
                if (end.test(token)) {
                    return Arrays.copyOf(answer, count);
                }
                answer[count] = token;
                next = new int[] {token};
            }
        }
        return answer;
    }

    private int mostProbable(int[] tokens, TorchKvCache cache) {
        try (PointerScope scope = new PointerScope()) {
            Tensor hidden = model.hidden(ids(tokens), cache.tokens(), cache::layer);
            cache.advance(tokens.length);
            Tensor last = hidden.select(1, tokens.length - 1);
            return Math.toIntExact(model.logits(last).argmax().item_long());
        }
    }

    /** Takes the logits for the token {@code at} and the following ones. */
    @FunctionalInterface
    private interface LogitConsumer {
        void take(int at, Tensor logits);
    }

    private void rows(int[] tokens, int from, BooleanSupplier stopped, LogitConsumer taking) {
        requireNotStopped(stopped);
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            Tensor hidden = model.hidden(ids(tokens)).select(0, 0);
            for (int at = from; at < tokens.length; at += ROWS) {
                requireNotStopped(stopped);
                try (PointerScope part = new PointerScope()) {
                    taking.take(at, model.logits(hidden.narrow(0, at, Math.min(ROWS, tokens.length - at))));
                }
            }
        }
    }

    private Tensor ids(int[] tokens) {
        return placement.numbers(Arrays.stream(tokens).asLongStream().toArray(), 1, tokens.length);
    }

    private static float[] numbers(Tensor tensor) {
        float[] values = new float[Math.toIntExact(tensor.numel())];
        tensor.cpu().contiguous().data_ptr_float().get(values);
        return values;
    }

    private void check(int[] tokens) {
        int context = model.config().context();
        int vocabulary = model.config().vocabulary();
        if (tokens.length < 1 || tokens.length > context) {
            throw MemoryException.invalid(
                    "There must be 1 to " + context + " tokens (there are " + tokens.length + ").");
        }
        for (int token : tokens) {
            if (token < 0 || token >= vocabulary) {
                throw MemoryException.invalid(
                        "The model knows the tokens 0 to " + (vocabulary - 1) + " (one is " + token + ").");
            }
        }
    }

    private void requireNotStopped(BooleanSupplier stopped) {
        if (closed.get()) {
            throw new MemoryException(ErrorCode.CLOSED, "The model is closed. Open it again.");
        }
        if (stopped.getAsBoolean()) {
            throw new MemoryException(ErrorCode.INTERRUPTED, "Interrupted while the model computed.");
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            thread.call(stopped -> {
                model.close();
                adapter.ifPresent(TrainableAdapter::close);
                kept.close();
                return true;
            });
            thread.close();
        }
    }
}
