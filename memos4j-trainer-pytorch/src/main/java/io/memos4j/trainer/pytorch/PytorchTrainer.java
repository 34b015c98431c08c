package io.memos4j.trainer.pytorch;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.adapters.TrainingRecord;
import io.memos4j.internal.Sha256Hash;
import io.memos4j.modelfiles.AtomicFolder;
import io.memos4j.spi.training.AdapterTrainer;
import io.memos4j.spi.training.TrainedAdapter;
import io.memos4j.spi.training.TrainingExample;
import io.memos4j.spi.training.TrainingProgress;
import io.memos4j.spi.training.TrainingRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.bytedeco.pytorch.global.torch;

/**
 * Trains adapters in this process with libtorch, for bases of the Llama, Qwen2 and Qwen3 families.
 *
 * <p>On the CPU the same request gives the same bytes, at once or with interruptions, on the same machine with the same
 * number of threads. GPUs add in an order of their own; there the results are similar, not identical.
 *
 * <p>Training needs memory for the base in the chosen precision, sixteen bytes per parameter of the adapter, and the
 * computation of one batch; nothing grows with the number of steps. Native code for Linux x86-64 comes with this
 * module; add other platforms to the class path.
 */
public final class PytorchTrainer implements AdapterTrainer {
    private static final ReentrantLock ONE_AT_A_TIME = new ReentrantLock();

    @Override
    public String name() {
        return "pytorch";
    }

    @Override
    public TrainedAdapter train(TrainingRequest request, Predicate<TrainingProgress> sink) {
        AtomicFolder.requireAbsent(request.output());
        lock();
        try (TorchThread thread =
                new TorchThread("memos4j-training", request.compute().threads())) {
            return thread.call(stopped -> train(request, sink, stopped));
        } finally {
            ONE_AT_A_TIME.unlock();
        }
    }

    private static void lock() {
        try {
            ONE_AT_A_TIME.lockInterruptibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MemoryException(ErrorCode.INTERRUPTED, "Interrupted while another training ran.", e);
        }
    }

    private static TrainedAdapter train(
            TrainingRequest request, Predicate<TrainingProgress> sink, BooleanSupplier stopped) {
        TensorPlacement placement = TensorPlacement.of(request.compute());
        try (RetainedTensors kept = new RetainedTensors();
                ModelFolder base = new ModelFolder(request.base(), placement, kept)) {
            TrainingBatches.check(request.examples(), base.config());
            String baseHash = base.hash();
            try (TrainableAdapter adapter = createAdapter(request, base.config(), placement);
                    AdamOptimizer adam = new AdamOptimizer(adapter.row(), placement);
                    TorchTransformer model = new TorchTransformer(
                            base.config(), placement, base, (layer, matrix) -> adapter.updateFor(layer, matrix, 1))) {
                TrainingLoop training = new TrainingLoop(model, placement, adam, request.plan());
                Run run = new Run(request, adapter, adam, baseHash);
                return run.finish(training.run(request.examples(), run.start(), sink, stopped));
            }
        }
    }

    private static TrainableAdapter createAdapter(
            TrainingRequest request, TransformerConfig config, TensorPlacement placement) {
        if (request.start().isEmpty()) {
            return TrainableAdapter.fresh(
                    config.base(), request.lora(), placement, request.plan().seed());
        }
        TrainableAdapter adapter = TrainableAdapter.read(request.start().get(), config.base(), placement);
        if (!adapter.fits(request.lora())) {
            adapter.close();
            throw MemoryException.invalid("The adapter to continue from has " + adapter.lora()
                    + " on other matrices or of another size than the request: " + request.lora()
                    + ". Ask for the size of the adapter.");
        }
        return adapter;
    }

    /** One training: its start and its result. */
    private record Run(TrainingRequest request, TrainableAdapter adapter, AdamOptimizer adam, String baseHash) {
        TrainingLoop.TrainingStart start() {
            return request.checkpoints()
                    .map(folder -> {
                        TrainingCheckpoint checkpoint = checkpoint(folder);
                        return new TrainingLoop.TrainingStart(checkpoint.resume(), checkpoint);
                    })
                    .orElseGet(() -> new TrainingLoop.TrainingStart(
                            TrainingLoop.TrainingState.BEGIN, TrainingLoop.StateSink.NONE));
        }

        private TrainingCheckpoint checkpoint(Path folder) {
            return new TrainingCheckpoint(folder, description(), adam);
        }

        /** Describes everything that the weights depend on. */
        private String description() {
            return "base " + baseHash + ", data " + TrainingExample.hashOf(request.examples()) + ", rank "
                    + request.lora().rank() + ", alpha " + request.lora().alpha() + ", targets "
                    + request.lora().targets().stream().sorted().toList() + ", "
                    + request.plan().checkpointEvery(1) + ", " + request.compute() + ", start "
                    + request.start().map(Run::hash).orElse("none");
        }

        private static String hash(Path adapter) {
            try {
                return Sha256Hash.of(adapter.resolve("adapter_model.safetensors"));
            } catch (IOException e) {
                throw new MemoryException(ErrorCode.MODEL_UNREADABLE, "Cannot read " + adapter + ": " + e, e);
            }
        }

        TrainedAdapter finish(TrainingLoop.TrainingState state) {
            TrainingRecord record = new TrainingRecord(
                    "pytorch " + torch.TORCH_VERSION,
                    baseHash,
                    TrainingExample.hashOf(request.examples()),
                    request.plan().seed(),
                    state.step(),
                    state.curve().getLast().loss(),
                    state.curve(),
                    state.tokens(),
                    Duration.ofNanos(state.nanos()));
            AtomicFolder.write(request.output(), adapter::write);
            request.checkpoints().map(this::checkpoint).ifPresent(TrainingCheckpoint::delete);
            return new TrainedAdapter(request.output(), record);
        }
    }
}
