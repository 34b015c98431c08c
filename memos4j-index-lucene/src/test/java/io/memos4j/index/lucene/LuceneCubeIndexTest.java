package io.memos4j.index.lucene;

import io.memos4j.api.ErrorCode;
import io.memos4j.spi.index.CubeIndex;
import io.memos4j.testkit.index.CubeIndexContract;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

import static io.memos4j.testkit.FailureAssertions.refused;
import static org.assertj.core.api.Assertions.assertThat;

class LuceneCubeIndexTest extends CubeIndexContract {
    @Override
    protected CubeIndex open(Path folder, int dimension) {
        return new LuceneCubeIndexProvider().open(folder, dimension);
    }

    @Test
    void aTruncatedSegmentIsReportedAsDamage() throws IOException {
        add(1, "some text");
        index.close();
        for (Path file : files(".cfs", ".si")) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(channel.size() / 2);
            }
        }
        assertDamaged();
    }

    @Test
    void aMissingSegmentIsReportedAsDamage() throws IOException {
        add(1, "some text");
        index.close();
        for (Path file : files(".cfs", ".cfe", ".si")) {
            Files.delete(file);
        }
        assertDamaged();
    }

    private void assertDamaged() throws IOException {
        refused(ErrorCode.CORRUPT, () -> open(directory, 2));
        for (Path file : files("")) {
            Files.delete(file);
        }
        index = open(directory, 2);
        assertThat(index.size()).isZero();
    }

    private List<Path> files(String... endings) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> Stream.of(endings).anyMatch(file.toString()::endsWith))
                    .toList();
        }
    }
}
