package io.memos4j.bench.performance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Trains low-rank matrices with plain libtorch code, as the baseline of the trainer: a model of the Llama family as
 * straight code over lists of tensors, libtorch's own Adam, random tokens; no checkpoints, no records, no files.
 */
final class PlainTorchTraining implements AutoCloseable {
    /**
     * The sizes of the model and of its batches.
     *
     * @param rank the rank of the adapter
     */
    record Sizes(
            int vocabulary,
            int layers,
            int width,
            int heads,
            int cacheHeads,
            int inner,
            int rank,
            int batch,
            int length) {
        int headWidth() {
            return width / heads;
        }
    }

    /** A matrix and its adapter: the weight, A and B. */
    private record Adapted(Tensor weight, Tensor down, Tensor up) {}

    private final Sizes sizes;
    private final PointerScope scope = new PointerScope();
    private final List<Adapted> matrices = new ArrayList<>();
    private final Tensor embeddings;
    private final Tensor head;
    private final Tensor ones;
    private final Tensor cosines;
    private final Tensor sines;
    private final Adam adam;
    private final SplittableRandom random = new SplittableRandom(1);

    PlainTorchTraining(Sizes sizes) {
        this.sizes = sizes;
        TensorVector trained = new TensorVector();
        int cache = sizes.cacheHeads * sizes.headWidth();
        for (int i = 0; i < sizes.layers; i++) {
            int w = sizes.width;
            int[][] shapes = {
                {w, w}, {cache, w}, {cache, w}, {w, w}, {sizes.inner, w}, {sizes.inner, w}, {w, sizes.inner}
            };
            for (int[] shape : shapes) {
                Tensor down = torch.randn(sizes.rank, shape[1])
                        .mul(new Scalar(0.05))
                        .detach()
                        .requires_grad_(true);
                Tensor up = torch.zeros(shape[0], sizes.rank).requires_grad_(true);
                trained.push_back(down);
                trained.push_back(up);
                matrices.add(new Adapted(torch.randn(shape[0], shape[1]).mul(new Scalar(0.05)), down, up));
            }
        }
        this.embeddings = torch.randn(sizes.vocabulary, sizes.width);
        this.head = torch.randn(sizes.vocabulary, sizes.width).mul(new Scalar(0.05));
        this.ones = torch.ones(sizes.width);
        Tensor[] angles = angles();
        this.cosines = angles[0];
        this.sines = angles[1];
        this.adam = new Adam(trained, new AdamOptions(1e-3));
    }

    private Tensor[] angles() {
        int width = sizes.headWidth();
        float[] cos = new float[sizes.length * width];
        float[] sin = new float[sizes.length * width];
        for (int i = 0; i < cos.length; i++) {
            double angle = i / width * Math.pow(10_000, -2.0 * (i % width % (width / 2)) / width);
            cos[i] = (float) Math.cos(angle);
            sin[i] = (float) Math.sin(angle);
        }
        return new Tensor[] {
            torch.tensor(cos).view(sizes.length, width), torch.tensor(sin).view(sizes.length, width)
        };
    }

    /** Does one step on random tokens and returns the loss. */
    double step() {
        try (PointerScope inStep = new PointerScope()) {
            long[] tokens = new long[sizes.batch * sizes.length];
            Arrays.setAll(tokens, i -> random.nextInt(3, sizes.vocabulary));
            Tensor ids = torch.tensor(tokens).view(sizes.batch, sizes.length);
            adam.zero_grad();
            Tensor logits = forward(ids).narrow(1, 0, sizes.length - 1L);
            Tensor targets = ids.narrow(1, 1, sizes.length - 1L).reshape(-1);
            Tensor loss = torch.cross_entropy_loss(logits.reshape(-1, sizes.vocabulary), targets);
            loss.backward();
            adam.step();
            return loss.item_double();
        }
    }

    private Tensor forward(Tensor ids) {
        Tensor hidden = torch.embedding(embeddings, ids);
        for (int i = 0; i < sizes.layers; i++) {
            int first = i * 7;
            Tensor input = norm(hidden);
            Tensor queries = rotate(heads(linear(first, input), sizes.heads));
            Tensor keys = rotate(heads(linear(first + 1, input), sizes.cacheHeads));
            Tensor values = heads(linear(first + 2, input), sizes.cacheHeads);
            Tensor attended = torch.scaled_dot_product_attention(
                    queries, shared(keys), shared(values), new TensorOptional(), 0, true, new DoubleOptional(), false);
            hidden = hidden.add(
                    linear(first + 3, attended.transpose(1, 2).reshape(sizes.batch, sizes.length, sizes.width)));
            Tensor inner = norm(hidden);
            hidden = hidden.add(
                    linear(first + 6, torch.silu(linear(first + 4, inner)).mul(linear(first + 5, inner))));
        }
        return torch.linear(norm(hidden), head);
    }

    private Tensor linear(int index, Tensor input) {
        Adapted matrix = matrices.get(index);
        Tensor change = torch.linear(torch.linear(input, matrix.down), matrix.up);
        return torch.linear(input, matrix.weight).add(change.mul(new Scalar(2.0)));
    }

    private Tensor heads(Tensor rows, int heads) {
        return rows.view(sizes.batch, sizes.length, heads, sizes.headWidth()).transpose(1, 2);
    }

    private Tensor shared(Tensor heads) {
        return torch.repeat_interleave(heads, sizes.heads / sizes.cacheHeads, new LongOptional(1), new LongOptional());
    }

    private Tensor rotate(Tensor heads) {
        long half = sizes.headWidth() / 2;
        Tensor other = torch.cat(new TensorVector(heads.narrow(3, half, half).neg(), heads.narrow(3, 0, half)), 3);
        return heads.mul(cosines).add(other.mul(sines));
    }

    private Tensor norm(Tensor rows) {
        return torch.rms_norm(rows, new long[] {sizes.width}, new TensorOptional(ones), new DoubleOptional(1e-5));
    }

    @Override
    public void close() {
        scope.close();
    }
}
