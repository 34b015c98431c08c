package io.memos4j.runtime.http;

import io.memos4j.api.LoraTarget;
import io.memos4j.modelfiles.BaseModel;
import io.memos4j.modelfiles.LoraAdapter;
import io.memos4j.modelfiles.LoraFactors;
import io.memos4j.modelfiles.LoraMatrix;
import io.memos4j.modelfiles.LoraScale;
import io.memos4j.modelfiles.Numbers;
import io.memos4j.modelfiles.Sha256;
import io.memos4j.spi.AdapterFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Adapters with numbers from a seed, which change what a model says. */
final class RandomAdapter {
    private static final int RANK = 4;

    private RandomAdapter() {}

    /** Writes one for a model of GGUF, in both layouts into a folder that has its hash as name. */
    static AdapterFiles write(Path model, Path folder, long seed) throws IOException {
        return write(BaseModel.ofGguf(model), folder, seed);
    }

    static AdapterFiles write(BaseModel base, Path folder, long seed) throws IOException {
        Random random = new Random(seed);
        Map<LoraMatrix, LoraFactors> factors = new TreeMap<>();
        for (int layer = 0; layer < base.layers(); layer++) {
            for (LoraTarget target : LoraTarget.values()) {
                factors.put(
                        new LoraMatrix(layer, target),
                        LoraFactors.of(
                                floats(random, RANK * base.columns(target)), floats(random, RANK * base.rows(target))));
            }
        }
        Path written = folder.resolve("adapter.gguf");
        LoraAdapter adapter = LoraAdapter.of(base, new LoraScale(RANK, RANK), factors);
        adapter.writeGguf(written, Numbers.F32);
        String hash = Sha256.of(written);
        Path home = Files.createDirectories(folder.resolve(hash));
        Path peft = home.resolve("peft");
        adapter.writePeft(peft, Numbers.F32);
        return new AdapterFiles(
                hash, Files.move(written, home.resolve("adapter.gguf"), StandardCopyOption.REPLACE_EXISTING), peft);
    }

    private static float[] floats(Random random, int count) {
        float[] floats = new float[count];
        for (int i = 0; i < count; i++) {
            floats[i] = 0.1f * (float) random.nextGaussian();
        }
        return floats;
    }
}
