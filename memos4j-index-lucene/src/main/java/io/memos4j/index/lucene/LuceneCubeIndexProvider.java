package io.memos4j.index.lucene;

import io.memos4j.spi.index.CubeIndex;
import io.memos4j.spi.index.CubeIndexProvider;
import java.nio.file.Path;

/** Opens the default cube index: one Lucene index a cube. */
public final class LuceneCubeIndexProvider implements CubeIndexProvider {
    @Override
    public CubeIndex open(Path directory, int dimension) {
        return LuceneCubeIndex.open(directory, dimension);
    }
}
