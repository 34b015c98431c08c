package io.memos4j.modelfiles;

import io.memos4j.api.MemoryException;
import io.memos4j.internal.Sha256Hash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class BaseModelFilesTest {
    @TempDir
    private Path folder;

    @Test
    void theHashIsOfTheConfigurationAndTheWeightsInTheOrderOfTheirNames() throws IOException {
        Files.writeString(folder.resolve("config.json"), "one ");
        Files.writeString(
                folder.resolve("model.safetensors.index.json"),
                "{\"weight_map\":{\"x\":\"b.safetensors\",\"y\":\"a.safetensors\",\"z\":\"b.safetensors\"}}");
        Files.writeString(folder.resolve("b.safetensors"), "three");
        Files.writeString(folder.resolve("a.safetensors"), "two ");
        assertThat(BaseModelFiles.hash(folder)).isEqualTo(Sha256Hash.of("one two three"));

        Files.writeString(folder.resolve("model.safetensors"), "all");
        assertThat(BaseModelFiles.hash(folder)).isEqualTo(Sha256Hash.of("one all"));

        Files.delete(folder.resolve("config.json"));
        assertThatThrownBy(() -> BaseModelFiles.hash(folder))
                .isInstanceOf(MemoryException.class)
                .hasMessageContaining("config.json");
    }
}
